### The search field, and the page of what was found.

search-title = Search
search-field = Search the shop
    .placeholder = Search
    .button = Search
    .suggestions = Suggestions

search-new = New
search-bought = Bought most
search-everything = Everything
# $words is what was searched for.
search-for = “{ $words }”

search-unasked = What are you looking for?
    .text = Type a word or two into the search field: a thing, a material, a colour. Or start from a shelf.
    .new = What is new
    .bought = What others buy
