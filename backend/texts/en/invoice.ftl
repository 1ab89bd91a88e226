### The invoice of an order.

invoice-title = Invoice { $number }
    .vat = VAT number { $number }
    .buyer = Billed to
    .foot = { $seller } · Invoice { $number }
    .sheet = Page { $sheet } of { $count }

invoice-fact-number = Invoice number
invoice-fact-day = Date of invoice and order
invoice-fact-payment = Payment
invoice-fact-delivery = Delivery
# A day, as chrono writes it.
invoice-day-pattern = %-d %B %Y

invoice-column-what = What
invoice-column-quantity = Quantity
invoice-column-each = Each
invoice-column-tax = Tax
invoice-column-amount = Amount
invoice-column-net = Net
invoice-column-gross = Gross
invoice-taken-off = { $amount } taken off

invoice-sum-subtotal = Subtotal
invoice-sum-discount = Discount
invoice-sum-delivery = Delivery
invoice-sum-total = Total
invoice-sum-paid = Paid
invoice-sum-paid-back = Paid back
invoice-sum-due = To pay

invoice-taxes = Taxes
    .included = Taxes in the total

invoice-standing-cancelled = This order was cancelled. There is nothing to pay.
invoice-standing-paid-back = All of it was paid back. There is nothing to pay.
invoice-standing-partly-paid-back = Paid; a part of it was paid back.
invoice-standing-paid = Paid in full, with thanks.
invoice-standing-open = Not paid yet.
