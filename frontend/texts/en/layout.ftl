### What is above and below every page.

# The name of a shop that has not said its own.
layout-nameless = Oxcart

# The first link of a page, for those who go by keyboard.
layout-skip = Skip to content

# A promise above the header. $price is the sum from which delivery costs nothing.
layout-free-delivery = Free delivery from { $price }
# Names the strip that holds the promise.
layout-promise = Promise
layout-back-to-cart = Back to cart

# Names the shelves, for those who listen.
layout-menu = Main menu
# Heads the menu on a phone, and the shelves at the foot of a page.
layout-shop = Shop
# Leads to what is new.
layout-new = New
layout-open-menu = Menu
layout-open-search = Search
layout-cart = Cart
# Stands before a shelf's name, for those who listen or see little room.
layout-all-of = All of

layout-delivers-to = Delivers to { $regions }
layout-help = Help

# Names the way from the shop's door to a page.
layout-breadcrumbs = Breadcrumb
    .shop = Shop

layout-pages = Pages
    .before = Previous
    .next = Next
