### The checkout, and what its form comes to.

checkout-title = Checkout
# The title while something has to be put right.
checkout-problems = { $count ->
    [one] 1 problem: { checkout-title }
   *[other] { $count } problems: { checkout-title }
}
checkout-attention = { $count ->
    [one] One thing needs your attention
   *[other] { $count } things need your attention
}

checkout-contact = Contact and address
checkout-delivery = Delivery
    .update = Update delivery
checkout-payment = Payment
checkout-fixed = Your order is kept with these details until it is paid. To change them, cancel it first:
    .go = go to the order

checkout-pay = Pay { $total }
    .below = You can cancel until we pack. If something sells out while you pay, nothing is charged.
checkout-continue = Continue to the total
    .below = Next you see the total with tax and delivery. Nothing is charged yet.

checkout-order = Your order
    .change = Change the cart
    .quantity = Quantity { $quantity }
# Stands for the price of delivery until it is known.
checkout-added-next = added next

checkout-known = Bought here before?
    .sign-in = Sign in and skip the typing
# Addresses that the customer keeps; for those who listen, $address is one in a line.
checkout-kept = Your addresses
    .used = Filled in below
    .use = Deliver here
    .use-of = Deliver to { $address }
    .gone = That address is not kept any more.
checkout-keep = Keep this address for next time

checkout-email = Email
    .hint = For the receipt and news of your parcel, nothing else.
    .missing = Tell us your email, so that we can send the receipt.
checkout-country = Country
    .missing = Choose the country to deliver to.
checkout-name = Full name
    .missing = Tell us who the parcel is for.
checkout-company = Company
checkout-line1 = Street and number
    .missing = Tell us the street, so that the parcel finds you.
checkout-line2 = Flat, floor, care of
checkout-city = Town
    .missing = Tell us the town.
# The United States say it in their own way; $example is a code of the country.
checkout-postal-code = Postal code
    .zip = ZIP code
    .hint = Such as { $example }
    .missing = Tell us the postal code.
checkout-region = State or province
    .choose = Choose
    .missing = Choose the state.
checkout-phone = Phone
    .hint = Only for the carrier, should they not find you.
checkout-note = Note
    .add = Add a note for us

checkout-no-way = We cannot deliver this cart there. Choose another country, or write to us.
checkout-days = { $days ->
    [one] 1 working day
   *[other] { $days } working days
}
    .between = { $first } to { $last } working days
# What the test provider's cards do.
checkout-test-card = What the test card does

checkout-retry = We could not reach our till
    .title = Try again
    .text = Everything that you typed is kept. Try again in a moment: however often you press, you pay once only.

checkout-ordered-already = You have ordered this already.
checkout-expired = Your cart has expired, so we emptied it.
checkout-nothing = Put something into your cart first.
checkout-choose-delivery = Choose how we should deliver.
checkout-other-delivery = We deliver differently there. Choose again.
checkout-changed = The total changed from { $seen } to { $total }. Please check and pay again.
checkout-sold-out = Something in your cart has just sold out. Nothing was charged.
    .see = See what is left
checkout-under-way = Your payment is still being taken. Wait a moment and press the button again: you pay once only.
checkout-declined = Your card was declined. Nothing was charged.
