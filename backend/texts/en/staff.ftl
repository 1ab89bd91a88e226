### The letter that lets somebody in who is to work for the shop.

staff-invitation = You are invited to work for the shop
    .text = Send this secret with your name and a password of your own to come in. It is good once, for a day: { $secret }
    .link = How to come in

### The letter that tells those who look after orders that goods are missing which orders were promised.

staff-shortfall = { $missing ->
    [one] 1 thing that orders were promised is missing
   *[other] { $missing } things that orders were promised are missing
}
    .goods = { $place }: { $missing } × { $name }
    .text = Somebody recorded a loss. Missing: { $goods }. Orders that wait for them: { $orders }. Get more in, or send what there is and give money back.
    .link = The orders that wait: list_orders with short=true
