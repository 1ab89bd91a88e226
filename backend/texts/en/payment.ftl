### Ways to pay.

payment-test = Test card
    .about = A stand-in for a card. No money moves.
payment-transfer = Bank transfer
    .about = We send the goods when your transfer has arrived.
payment-none = Nothing to pay
payment-card = Card
