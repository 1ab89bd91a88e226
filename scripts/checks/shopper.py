"""A shopper who buys through the API, for checks that need one."""

import json
import time
import urllib.request

ADDRESS = {"name": "Ann Weber", "line1": "Torstraße 1", "city": "Berlin", "postal_code": "10115", "country": "DE"}


class Shopper:
    """Asks one shop, by way of its storefront or of its backend."""

    def __init__(self, base):
        self.base = base

    def ask(self, method, path, body=None, headers=None):
        data = None if body is None else json.dumps(body).encode()
        headers = {"content-type": "application/json", **(headers or {})}
        request = urllib.request.Request(self.base + path, data, headers, method=method)
        with urllib.request.urlopen(request, timeout=20) as answer:
            return json.load(answer)

    def variant(self):
        """Something that is in stock."""
        for card in self.ask("GET", "/api/products?available=true&limit=5")["data"]:
            for each in self.ask("GET", f"/api/products/{card['handle']}")["variants"]:
                if each["availability"] == "in_stock":
                    return each["id"]
        raise LookupError("nothing is in stock")

    def buy(self, variant):
        """Buys one with a test card; the path of the order's page in the API."""
        line = {"variant_id": variant, "quantity": 1}
        opened = self.ask("POST", "/api/carts", {"country": "DE"})
        cart, token = f"/api/carts/{opened['cart']['id']}", {"x-cart-token": opened["token"]}
        self.ask("POST", f"{cart}/lines", {"lines": [line]}, token)
        self.ask("PATCH", cart, {"email": "ann@example.com", "shipping_address": ADDRESS}, token)
        way = self.ask("GET", f"{cart}/shipping-options", headers=token)["data"][0]["id"]
        total = self.ask("PUT", f"{cart}/shipping", {"method_id": way}, token)["totals"]["total"]
        payment = {"expected_total": total, "payment": {"method": "test", "token": "tok_ok"}}
        key = {"idempotency-key": f"check-{time.time_ns()}"}
        done = self.ask("POST", f"{cart}/complete", payment, {**token, **key})
        return f"/api/orders/{done['order']['id']}?token={done['order_token']}"
