### The account: the doors to it, the pages inside, and what their forms come to.

# The places of the menu, and what is there in a few words.
account-overview = Your account
    .menu = Overview
account-orders = Orders
    .about = Follow, cancel, look back
account-addresses = Addresses
    .about = Where your parcels go
account-profile = Profile
    .about = Name, email, currency, news
account-password = Password
    .about = Choose a new one
account-passkeys = Passkeys
    .about = Sign in without a password
account-devices = Devices
    .about = Where you are signed in
account-data = Your data
    .about = Take it along, or leave

# A day, as a pattern of strftime.
account-day-pattern = %-d %B %Y

# Fields that several forms have.
account-field-email = Email
account-field-name = Name
account-field-password = Password
    .hint = 8 characters or more, of any kind. A few words that belong together only for you are best.
account-field-new-password = New password
    .button = Choose this password
account-field-news = Write to me when there is something new. Not often.

# When a form did not work.
account-too-often = That was too many tries in a short time. Wait a few minutes, then try again.
account-away = We could not reach our books just now. Try again in a moment.
account-gone-already = That was gone already.
account-did-not-work = That did not work.

account-sign-in = Sign in
    .or = or
    .passkey = Sign in with a passkey
    .forgot = Forgot your password?
    .new = New here?
account-sign-out = Sign out
    .done = You are signed out.

account-confirm = Is it you?
    .first = Confirm that it is you
# Stands before the customer's email, and is followed by a full stop.
account-confirm-who = You are signed in as
    .why = Before something that matters, we ask once more.
account-confirm-passkey = Use a passkey
account-confirm-go-on = Go on
account-confirm-by-letter = Choose a password by letter
account-confirm-back = Back to your account

account-forgot = A new password
    .text = Tell us your email, and we send you a link with which you choose a new one.
    .button = Send me a link
    .back = Back to signing in
    .no-email = Tell us your email, so that we know where to send the link.
    .sent = If there is an account with that email, a letter is on its way. Its link is good for 15 minutes, and once.

# After a letter was sent. `again` is a link after the first words.
account-sent = Look into your mail
    .nothing = Nothing there? Look into the folder for spam, or
    .again = try again

account-reset = Choose a new password
    .text = All devices are signed out when you choose it, also those that are not yours.
    .again = Send me another link
    .done = You have a new password. Sign in with it.

account-register = Make an account
    .text = Your orders in one place, your addresses kept, your cart on every device.
    .known = Have one already?
    .no-email = Tell us your email, so that we can send you the link.
    .sent = We have sent you a letter. Its link opens your account; it is good for a day.
# If you had an account before, <sign in> with it.
account-register-before = If you had an account before,
    .sign-in = sign in
    .with-it = with it.

account-verify = Confirm your email
    .text = One more thing: type the password that you chose, so that we know that it was you.
    .button = Open my account
    .not-you = It was not you? Then do nothing: no account is made.
    .other = Choose another password

account-hello = Good to see you.
    .named = Good to see you, { $name }.
account-signed-in-as = Signed in as { $email }
account-latest = Latest orders
    .none = You have not bought anything yet.
    .all = All orders
account-see-new = See what is new

account-orders-none = Nothing bought yet
    .text = What you buy is listed here, with all that happens to it.
# How far along an order is, in a word or two.
account-order-unpaid = Not paid yet
account-order-on-hold = Waits for us
account-order-cancelled = Cancelled
    .refunded = Cancelled, money back
account-order-expired = Expired
account-order-placed = We pack it
account-order-partly-sent = Partly on its way
account-order-sent = On its way
account-order-delivered = With you
account-order-partly-returned = Partly returned
account-order-returned = Returned

account-addresses-none = No address yet
    .text = Keep the places that your parcels go to, and checking out takes a moment.
account-address-add = Add an address
# For those who listen, $address is the whole address in one line.
account-address-edit = Edit
    .of = Edit { $address }
account-address-remove = Remove
    .of = Remove { $address }
    .sure = Yes, remove it
    .done = The address is removed.
account-address-first = Used first
    .use = Use this first
    .use-of = Use first: { $address }
    .tick = Use this one first when I check out
    .done = That address is used first from now on.
account-address-old = Edit an address
account-address-new = A new address
account-address-keep = Keep this address
    .done = Your address is kept.
# For those without scripts: draws the form by the rules of the country that was chosen.
account-address-update = Show the country's fields
account-address-never-mind = Never mind

account-profile-currency = Prices in
account-profile-save = Save
    .done = Saved.

# Letters go to <email>. You sign in with it, too.
account-email-now = Letters go to
    .too = You sign in with it, too.
account-email-change = Change it
account-email-new = New email
    .hint = We send a link there. Until you follow it, nothing changes.
    .button = Send the link
    .missing = Tell us the new email.
    .sent = We have sent a link to { $email }. Follow it to use that email.
account-email-move = Your new email
    .text = From then on, letters go to the email at which you got this link, and you sign in with it.
    .button = Use this email
    .done = From now on, letters go to your new email.

account-password-confirm = Before you choose a new password, show us once more that it is you.
account-password-has = Your other devices are signed out when you change it.
account-password-none = You have none: only passkeys open your account. A password opens it where there is no passkey.
account-password-done = You have a new password. Your other devices are signed out.

account-passkey = A passkey is a key that your phone, computer or security key keeps for you. It opens your account with your finger, your face or a code, and no letter that pretends to be us can ask for it.
    .confirm = Before you change what opens your account, show us once more that it is you.
    .without = This browser has no passkeys, or runs no scripts. Open this page in another one to add a passkey.
account-passkey-add = Add a passkey
    .done = Your passkey is added.
account-passkey-name = What to call it
    .hint = Such as “My phone”
    .missing = Give it a name, so that you know it again.
# The days on which it was added and used.
account-passkey-used = Added { $added }, last used { $used }
    .never = Added { $added }, not used yet
account-passkey-remove = Remove
    .of = Remove { $name }
    .sure = Yes, remove it
    .done = The passkey is removed.
# What the script says.
account-passkey-refused = Your browser did not use a passkey. Try again, or use your password.
account-passkey-known = This device already has a passkey for your account.
account-passkey-failed = That did not work. Load the page again, then try once more.
account-passkey-other = That passkey opens another account. Use one of this account.
account-passkey-unknown = We do not know that passkey, or it took too long. Try again, or use your password.
account-passkey-not-made = Your browser made no passkey. Load the page again, then try once more.

# The link that follows is `password`, and a full stop ends the sentence.
account-devices-unknown = If you do not know one of these, sign it out and
    .password = choose a new password
account-device-this = This one
# For those who listen, $device is its name.
account-device-end = Sign out
    .of = Sign out { $device }
    .done = That device is signed out.
account-device-others = Sign out everywhere else
    .done = All your other devices are signed out.
# $day is when; a moment follows.
account-device-since = Signed in { $day }, last seen

account-data-confirm = Before you take your data along, or leave, show us once more that it is you.
account-copy = A copy of everything
    .text = All that we know of you, in files that people and programs can read: who you are, your addresses, your orders, your devices.
    .ask = Ask for a copy
    .asked = We are putting your copy together.
    .waiting = We are putting it together. This page looks again by itself.
# $day is when it was asked for, and until when it can be had.
account-copy-ready = Your copy of { $day } is ready.
    .until = It is here until { $day }.
    .download = Download it
    .again = Ask for a new one
    .gone = That copy is not there any more. Ask for a new one.
account-leave = Leave for good
    .text = Your account, addresses, passkeys and cart are deleted at once, and nobody can bring them back. Orders stay in our books without your name, because the law asks for that.
    .want = I want to leave
    .email = Type your email to confirm
    .missing = Type your email, so that nobody deletes an account by mistake.
    .button = Delete my account
    .done = Your account is deleted. Thank you for having been here.
