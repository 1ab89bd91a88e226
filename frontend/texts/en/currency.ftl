### The choice of a currency at the foot of every page.

currency-label = Prices in
    .change = Change

# The cart could not follow; the reason in the shop's words comes last.
currency-cart-stays = Prices are in { $currency } now, but your cart stays as it is. { $reason }
