### The home page.

home-empty = The shelves are being filled
    .text = Come back soon.
    .search = Search

home-new = New
    .all = All that is new

home-shelves = Around the house

home-bought = Bought most
    .all = All best sellers

# Names the part of the page that lists what the shop promises.
home-promises = What we promise
