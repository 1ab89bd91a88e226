### The link of a cart: giving it away, and opening one.

share-title = Share your cart
    .text = Whoever opens this link sees what is in your cart now, and can put the same things into theirs. It says nothing about you.
    .link = Link
    .open = Open the link
    .back = Back to your cart

# The way there from the cart.
share-this = Share this cart

share-nothing = There is nothing to share
    .text = Your cart is empty.
    .new = See what is new

share-offered = A cart for you
    .text = Somebody chose these things and sent you the link.
    .together = Together
    .put = Put these into my cart
    .note = Prices are those of today. What is in your cart already stays there.

share-gone = Nothing of that cart is sold any more
    .text = The link is old, and the shelves have moved on.

share-left-out = { $count ->
    [one] One thing of that cart is not sold any more.
   *[other] { $count } things of that cart are not sold any more.
}

share-short = Not all of these are left.
share-quantity = Quantity { $count }

share-done = All of it is in your cart.
