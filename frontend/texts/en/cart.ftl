### The cart, and what its forms come to.

cart-title = Your cart
cart-empty = There is nothing in it yet.
    .new = See what is new
    .bought = See what others buy
cart-was-ordered = You have ordered what was in this cart.
    .see = See your order
cart-has-expired = Your cart has expired, so we emptied it.
cart-go-on = Continue shopping
cart-summary = Summary

# The price of one, when a line has several.
cart-each = { $price } each
cart-why = Why this price
cart-quantity = Quantity
# For those who listen, $title is the line's.
cart-update = Update
    .of = Update { $title }
cart-remove = Remove
    .of = Remove { $title }

cart-few-left = Only { $left } left.
    .take = Take { $left }
cart-sold-out = Sold out.
    .take-out = Take it out
cart-price-down = The price went down by { $by } since you added it.
cart-price-up = The price went up by { $by } since you added it.

# $price is what is missing.
cart-until-free = { $price } more for free delivery
cart-delivery-from = from { $price }
cart-deliver-to = Deliver to
    .update = Update

cart-in-the-way = Something in your cart cannot be bought as it is. Change the marked lines to check out.
cart-check-out = Check out
    .note = Delivery and payment come next. Nothing is charged yet.

cart-added = { $title } is in your cart.
    .nameless = It is in your cart.
cart-no-number = Write how many as a number.
cart-prices-in = Prices are in { $currency } now.
cart-no-such-line = That was not in your cart any more.
cart-gone = Your cart is empty: it may have expired, or cookies are not allowed.
