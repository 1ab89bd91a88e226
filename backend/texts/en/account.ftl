### Letters about an account: subject, what it says, and the words of its link.

account-register = Finish your account
    .text = You asked for an account with us. Open this link within a day and enter the password you chose. If that was not you, do nothing: there is no account without it.
    .link = Finish your account

account-known = You have an account already
    .text = Somebody asked for an account with this address, and there is one. If that was you, sign in, or choose a new password there. If not, you need not do anything.
    .link = Sign in

account-password = Choose a new password
    .text = Open this link within 15 minutes to choose a new password. Every device will be signed out. If you did not ask for it, do nothing: your password stays as it is.
    .link = Choose a new password

account-email = Confirm your new address
    .text = Open this link within a day to use this address for your account from now on.
    .link = Use this address

account-password-changed = Your password was changed
    .text = The password of your account was changed, and other devices were signed out. If that was not you, choose a new one at once.
    .link = Choose a new password

account-email-changed = Your account has another address now
    .text = Your account was moved to another address, and letters about it go there. If that was not you, answer this letter at once.
    .link = Choose a new password

account-token-reused = We signed one of your devices out
    .text = Something on one of your devices looked as if somebody else was using your sign-in, so we ended it. Sign in again there, and look at the list of your devices.
    .link = See your devices

account-passkey-added = A passkey was added to your account
    .text = From now on it opens your account without a password. If that was not you, remove it and choose a new password.
    .link = See your passkeys

account-order-link = The link to your order
    .text = Whoever has this link can see the order, so keep it to yourself.
    .link = See your order
