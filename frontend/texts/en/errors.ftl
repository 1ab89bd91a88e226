### Pages for when something is not as it should be.

errors-not-found = We could not find that page
    .text = It may have moved, or the link may be old. Search for what you need, or start from the shop.

errors-bad-request = We could not read that
    .text = Something in the address or the form was not what this page expects. Go back and try again.

errors-forbidden = That form has expired
    .text = Nothing was changed. Go back, load the page again and send it once more. Cookies must be allowed for this shop.

errors-away = The shop is taking a short break
    .text = We cannot reach our stock room right now. Your cart is safe. Try again in a moment.
    .again = Try again

errors-broken = Something went wrong on our side
    .text = It has been written down and we will look at it. Try again, or come back a little later.

errors-ways-shop = Go to the shop
errors-ways-cart = Your cart
