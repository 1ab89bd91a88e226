### The letter that lets somebody in who is to work for the shop.

staff-invitation = You are invited to work for the shop
    .text = Send this secret with your name and a password of your own to come in. It is good once, for a day: { $secret }
    .link = How to come in
