### The page of an order, and what its forms come to.

# Names an order by its number.
order-title = Order { $number }

order-confirm = Confirm your payment
    .text = Your bank asks you to confirm. We are taking you there.
    .go = Continue to your bank

order-waiting = We are waiting for your payment
    .text = This page looks again by itself. Your things are kept for you until then.
order-unpaid = Your order is not paid yet
    .text = Nothing was charged. Your things are kept for you for a while.
order-is-cancelled = This order is cancelled
    .text = What you have paid comes back the way it came, within a few days.
order-expired = This order has expired
    .text = It was not paid in time, so nothing was charged and nothing is sent.
order-on-hold = Order { $number } waits for us
    .text = We have a question first. News of it goes to { $email }.
order-thanks = Thank you, your order is placed
order-yours = Your order
# $next says what happens to the goods next.
order-placed = { $next } News of it goes to { $email }.

order-next-transfer = We pack it when your money arrives.
order-next-pack = We pack it next.
    .arrives = We pack it next. It arrives { $days }.
order-next-partial = The first parcel is on its way.
order-next-sent = It is on its way.
order-next-delivered = It is with you.
order-next-partly-returned = Some of it came back to us.
order-next-returned = It came back to us.

# The days on which a parcel arrives. The patterns are those of strftime: the day and the month, the
# day alone, and a moment.
order-days-on = on { $day }
order-days-between = { $first } to { $last }
order-days-pattern = %A %-d %B
    .short = %A %-d
    .moment = %-d %B, %H:%M UTC

order-how-to-pay = How to pay
order-left-bank = Did you leave the bank's page, or did it fail?
    .again = Pay again
order-pay-elsewhere = To pay it now, open this page in the browser in which you ordered.
order-pay = Pay now
    .button = Pay { $total }

order-where = Where it goes
    .note = Your note: { $note }
order-happened = What happened

order-cancel = Cancel this order
    .text = We send nothing. This cannot be undone.
    .text-paid = We send nothing. { $paid } comes back to you. This cannot be undone.
    .button = Yes, cancel the order
    .done = Your order is cancelled.

order-quantity = Quantity { $quantity }
    .sent = Quantity { $quantity }, { $sent } sent

# $method is the way to pay.
order-paid = { $method }, { $paid } paid.
order-not-paid = { $method }, not paid yet.
# $before is where the money is.
order-refunded = { $before } { $refunded } went back to you.

# Leads to the list of a customer's orders.
order-all = Your orders
# An account, offered to a guest who has just bought.
order-account = An account
    .keep = Keep this order in an account.
    .why = Follow it, buy it again, and skip the typing next time.
    .go = Choose a password

order-other-browser = Open this page in the browser in which you ordered.

order-invoice = Invoice (PDF)
    .none = There is no invoice before an order is placed.

# Puts what the order held into the cart.
order-again = Order this again

# What could not be put into the cart again, by name.
order-left-out = Not sold any more, and left out: { $things }.
