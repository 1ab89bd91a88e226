"""Those in whose name is asked stay signed in: what would end that is asked by somebody who may go."""

import itertools
import time

import people

# How long an access token of a customer is shown before the next is fetched.
FRESH = 120
# As many replacements as this, and those who are gone go on asking.
MOST = 60
ENDS = {
    "shopper": set(),
    "customer": {
        ("DELETE", "/api/auth/sessions"),
        ("DELETE", "/api/auth/sessions/{id}"),
        ("DELETE", "/api/customers/me"),
        ("POST", "/api/auth/logout"),
        ("POST", "/api/auth/reauthenticate"),
        ("POST", "/api/customers/me/email"),
        ("PUT", "/api/auth/password"),
    },
    "staff": {("POST", "/api/admin/auth/sign-out"), ("POST", "/api/admin/me/password")},
}


# What needs a second person.
OTHERS = {("POST", "/api/admin/refunds/{id}/approve"), ("POST", "/api/admin/refunds/{id}/decline")}


class Callers:
    """One who stays, and one who may go and is replaced then."""

    def __init__(self, who, known, mark):
        self.who, self.known, self.mark = who, known, mark
        self.main, self.since, self.spare, self.person = None, 0.0, None, None
        self.numbers = itertools.count(1)

    def token(self, method, path):
        """What to show for an operation."""
        if self.who == "shopper":
            self.person = self.person or people.register(f"spare-{self.mark}")
            return None
        return self.of_spare() if (method, path) in ENDS[self.who] | OTHERS else self.of_main()

    def of_main(self):
        """The token of the one who stays."""
        if self.who == "staff":
            self.main = self.known["admin"]["token"]
        elif time.monotonic() - self.since > FRESH:
            self.main, self.since = people.sign_in(self.known["customer"])["access_token"], time.monotonic()
        return self.main

    def of_spare(self):
        """The token of the one who may go; somebody new when the last one went."""
        if self.spare is None and (number := next(self.numbers)) <= MOST:
            name = f"spare-{self.mark}-{number}"
            if self.who == "staff":
                self.person = people.invite(self.known["admin"], name)
                self.spare = self.person["token"]
            else:
                self.person = people.register(name)
                self.spare = people.sign_in(self.person)["access_token"]
        return self.spare or self.of_main()

    def answered(self, method, path, shown, status):
        """Notes that the spare one is gone; whether the one who stays was found to be signed out."""
        is_spare = shown == f"Bearer {self.spare}"
        if is_spare and (status == 401 or ((method, path) in ENDS[self.who] and status in range(200, 300))):
            self.spare = None
        return self.main is not None and shown == f"Bearer {self.main}" and status == 401

    def is_in(self):
        """Whether the one who stays is signed in."""
        if self.who == "shopper":
            return True
        path = "/admin/me" if self.who == "staff" else "/customers/me"
        return people.answer("GET", path, token=self.of_main()).status_code == 200
