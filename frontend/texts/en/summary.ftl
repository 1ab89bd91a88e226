### What a cart or an order costs, line by line.

summary-things = { $count ->
    [one] 1 thing
   *[other] { $count } things
}
summary-discount = Discount
summary-delivery = Delivery
# A price of nothing.
summary-free = Free
# A tax that is in the prices already, such as `VAT 19 %`.
summary-of-which = of which { $tax }
summary-total = Total
    .without-delivery = without delivery
