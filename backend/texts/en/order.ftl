### What an order's page tells of it, in the words that are kept with the order.

order-written = Order written, waiting for payment.
order-placed = Order placed.
order-received = { $amount } received.
order-sent-back = { $amount } sent back.
order-expired = Nobody paid in time. Nothing was charged.
order-cancelled = You called the order off. Nothing was charged.
    .paid = You called the order off. Your money is on its way back.
order-cancelled-by-shop = We called the order off. Nothing was charged.
    .paid = We called the order off. Your money is on its way back.
order-shipped = On its way to you.
    .with = On its way to you with { $carrier }.
order-delivered = Delivered.
order-delivery-failed = The carrier could not hand a parcel over.
order-returned = A parcel came back to us.

order-payment-refused = The payment was refused. Nothing was charged.
order-payment-not-begun = The payment was not begun. Nothing was charged.
order-payment-called-off = The payment was called off. Nothing was charged.
