### A product: its page, its card, its price and its stock.

product-stock-in = In stock
product-stock-left = Only { $left } left
product-stock-few = Only a few left
product-stock-later = More on the way, sent as soon as it is here
product-stock-out = Sold out for now
product-stock-no-price = Not sold in this currency
product-stock-not-made = Not made in this combination

# What the button says, and what it says when it cannot be pressed. $option is what is left to
# choose, such as `size`; `variant` stands for it when a product has no options.
product-add = Add to cart
    .not-for-sale = Not for sale
    .sold-out = Sold out
    .choose = Choose a { $option }
    .variant = variant

# Notes on a card's picture.
product-note-out = Sold out
product-note-few = Only a few left
product-note-sale = Sale
product-note-later = Sent later

# For those who listen, before a price and before the one that it replaces.
product-price-now = Now
product-price-before = before
# The least that a product costs, when its variants differ.
product-price-from = from { $price }
product-price-lowest = Lowest price of the last 30 days: { $price }
product-price-taxed = Tax included, plus delivery
product-price-untaxed = Plus tax and delivery
product-free-delivery = Free delivery from { $price }

product-quantity = Quantity
    .fewer = One fewer
    .more = One more

# What a further choice would lead to, after its name.
product-choice-sold-out = sold out
product-choice-not-made = not made like this
# For those without scripts: shows the variant that is ticked.
product-choice-show = Show this choice
# $colours is a list of names.
product-swatches = Comes in { $colours }

# Names the pictures and what can be done with them, for those who listen. $picture describes one.
product-pictures = Pictures
    .larger = Picture, larger
    .close = Close the picture
    .before = Picture before
    .next = Next picture
    .show = Show { $picture }

product-details = Details
product-about = About it
product-help = Delivery and returns
product-related = Goes with it
