### A list of products with its filters.

# Names the list, for those who listen.
listing-title = Products
listing-count = { $count ->
    [one] 1 thing
   *[other] { $count } things
}

listing-filter = Filter and sort
listing-sort = Sort by
    .relevance = Best match
    .best-selling = Bought most
    .newest = Newest
    .price-asc = Price, low to high
    .price-desc = Price, high to low
    .name = Name

listing-shelf = Shelf
    .all = All

listing-price = Price, { $currency }
    .lowest = Lowest price in { $currency }
    .highest = Highest price in { $currency }
    .from = From
    .to = To

listing-available = Only what is available
listing-apply = Apply

# Names the chips of filters in use; `remove` stands before each, for those who listen.
listing-chips = Filters in use
    .remove = Remove
    .clear = Clear all
    .between = { $lowest } to { $highest }
    .from = From { $lowest }
    .up-to = Up to { $highest }

listing-filtered-out = Nothing fits all of these filters
    .text = Take one off, or look at everything.
    .clear = Clear the filters

listing-empty = This shelf is empty right now
    .text = New things are on their way. Look around in the meantime.

listing-not-found = We found nothing for that
    .text = Check the spelling, or try fewer or more general words.

listing-ways-bought = What others buy
listing-ways-shop = Go to the shop

# Names the shelves inside of this one.
listing-inside = Shelves inside
