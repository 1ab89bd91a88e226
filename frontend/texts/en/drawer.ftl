### The drawer that opens when something went into the cart.

drawer-title = In your cart
drawer-close = Close the cart
drawer-subtotal = Subtotal
drawer-check-out = Check out
drawer-see-cart = See the cart
drawer-quantity = Quantity { $quantity }
# $price is what is missing.
drawer-until-free = { $price } more for free delivery

# After the number of things beside the link to the cart, for those who listen.
drawer-badge = { " " }in it
