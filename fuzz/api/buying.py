"""What goes on in the shop while it is fuzzed: carts at every step, and orders paid in every way."""

import uuid

import people

ADDRESS = {"name": "Ann Weber", "line1": "Torstraße 1", "city": "Berlin", "postal_code": "10115", "country": "DE"}
CARDS = ["tok_ok", "tok_ok", "tok_confirm", "tok_declined", "tok_late"]
COMPLETE = "/api/carts/{id}/complete"
PAYMENTS = [*({"method": "test", "token": card} for card in CARDS), {"method": "bank_transfer"}]


class Shopper:
    """Somebody with a cart; every answer is told to `learn`."""

    def __init__(self, learn, token=None):
        self.learn, self.token = learn, token
        self.cart = self.secret = None

    def ask(self, method, path, body=None):
        """Asks for the cart; what the shop does not want now ends this shopping."""
        headers = {"X-Cart-Token": self.secret, "Idempotency-Key": uuid.uuid4().hex}
        said = people.ask(method, f"/carts{path}", body, self.token, headers={k: v for k, v in headers.items() if v})
        self.learn("/api/carts", said)
        return said

    def fill(self, variant):
        """A cart with something in it."""
        opened = self.ask("POST", "", {"country": "DE", "lines": [{"variant_id": variant, "quantity": 2}]})
        self.cart, self.secret = f"/{opened['cart']['id']}", opened["token"]

    def settle_in(self):
        """Says where to deliver, and how."""
        self.ask("PATCH", self.cart, {"email": "guest@example.com", "shipping_address": ADDRESS})
        options = self.ask("GET", f"{self.cart}/shipping-options")["data"]
        return self.ask("PUT", f"{self.cart}/shipping", {"method_id": options[0]["id"]})

    def buy(self, payment):
        """Buys."""
        total = self.ask("GET", self.cart)["totals"]["total"]
        return self.ask("POST", f"{self.cart}/complete", {"expected_total": total, "payment": payment})["order"]


def shop(world, token, number, staff=None):
    """One more cart: with things in it, ready to be bought, or bought; what came of it. Staff pack."""
    shopper = Shopper(world.learn, token)
    try:
        shopper.fill(world.chance.choice(list(world.ids["var"])))
        if number % 4 or staff:
            shopper.settle_in()
        if number % 4 > 1 or staff:
            order = shopper.buy(PAYMENTS[number % len(PAYMENTS)])
            world.forget(shopper.cart.strip("/"))
            if staff and number % 2:
                pack(world, staff, order["id"])
        elif number % 4:
            world.names[COMPLETE, "ready"].append(shopper.cart.strip("/"))
        return "went shopping"
    except (people.Refused, IndexError, KeyError) as error:
        # What cannot be bought would be in a customer's one cart for ever.
        if token and shopper.cart:
            people.answer("DELETE", f"/carts{shopper.cart}", token=token)
            world.forget(shopper.cart.strip("/"))
        return f"could not go shopping: {error}"


def pack(world, staff, order):
    """Puts what is paid into a parcel."""
    headers = {"If-Match": people.answer("GET", f"/admin/orders/{order}", token=staff).headers["etag"]}
    path = f"/admin/orders/{order}/fulfilments"
    world.learn("/api/admin/fulfilments", people.ask("POST", path, {}, staff, headers))
    now = people.answer("GET", f"/admin/orders/{order}", token=staff)
    world.learn("/api/admin/orders", now.json())
    world.note_version(order, now.headers["etag"])
