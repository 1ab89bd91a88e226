### Finding an order without an account.

finding-title = Find your order
    .text = No account is needed. Tell us the number of the order and the address that it was made with, and we send you a letter with the link.
    .mistakes = Please look at the marked fields.
    .send = Send me the link

finding-number = Order number
    .hint = Such as 1042.
    .wrong = Enter the number, such as 1042.

finding-email = Email
    .hint = Where the confirmation went.
    .wrong = Enter an e-mail address such as ann@example.com.

finding-sent = Look into your mailbox
    .text = If there is an order with that number and that address, a letter with its link is on its way. It takes a minute at most.
    .again = Try another number
    .contact = Write to us

finding-too-often = That was asked too often. Wait a few minutes and try again.
