### Letters to customers.

# Says hello and goodbye.
letter-shop = Oxcart

letter-placed = Your order { $number }
    .opening = Thank you. We have your order { $number }.
    .opening-transfer = Thank you. We have your order { $number }. { $instructions } We send the goods when your transfer has arrived.

letter-cancelled = Your order { $number } was called off
    .opening = Your order { $number } was called off. Nothing was charged.
    .opening-paid = Your order { $number } was called off. { $paid } is on its way back to you.

letter-shipped = Your order { $number } is on its way
    .opening = We have sent your order { $number }, or a part of it.
    .carrier = It travels with { $carrier }.
    .tracking = Its number there: { $number }.
    .follow = Follow it
letter-goods = Goods
letter-delivery = Delivery
# A tax that is in the prices, and one that comes on top.
letter-tax-included = { $tax } (included)
letter-tax-added = { $tax } (added)
letter-total = Total

letter-delivery-to = Delivery to:
letter-see-order = See your order
