"""Those in whose name the API is fuzzed: they register and sign in as people do, letters and codes included.

As a program, it lets the staff in by the secret of the first administrator's invitation, and prints
what the hooks need to know of everybody. Later runs sign customers in by it again.
"""

import email
import email.policy
import json
import os
import pathlib
import sys
import time

import pyotp
import requests

BASE = os.environ["API_URL"]
MAIL = pathlib.Path(os.environ["MAIL_DIR"])
PASSWORD = "mjölk & kanelbulle"
PATIENCE = 30


def ask(method, path, body=None, token=None, expected=range(200, 300)):
    """Asks the API, and ends the program when it does not answer as expected."""
    headers = {"authorization": f"Bearer {token}"} if token else {}
    answer = requests.request(method, f"{BASE}/api{path}", json=body, headers=headers, timeout=30)
    if answer.status_code not in expected:
        raise SystemExit(f"{method} {path} answers {answer.status_code}: {answer.text}")
    return answer.json() if answer.content else None


def secret_for(address, before):
    """The secret in the newest letter to somebody: what follows one of these words."""
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        for file in sorted(MAIL.glob("*.eml"), reverse=True):
            letter = email.message_from_bytes(file.read_bytes(), policy=email.policy.default)
            if address not in str(letter["to"]):
                continue
            text = letter.get_body(("plain",)).get_content()
            for word in before:
                if word in text:
                    return text.split(word)[1].split()[0]
        time.sleep(0.1)
    raise SystemExit(f"no letter for {address} within {PATIENCE} s")


def come_in(invitation):
    """Takes an invitation of staff and sets up the second step; the token and id of who came in."""
    half = ask("POST", "/admin/auth/accept", {"token": invitation, "name": "Cleo Clerk", "password": PASSWORD})
    secret = ask("POST", "/admin/auth/enrol", token=half["token"])["secret"]
    code = pyotp.TOTP(secret).now()
    token = ask("POST", "/admin/auth/code", {"code": code}, half["token"])["token"]
    return {"token": token, "id": ask("GET", "/admin/me", token=token)["id"]}


def invite(admin, name):
    """Another administrator, invited by the first."""
    address = f"{name}@shop.example"
    ask("POST", "/admin/staff", {"email": address, "role": "admin"}, admin["token"])
    return come_in(secret_for(address, ["for a day: "]))


def register(name):
    """Makes an account and opens the letter's link; what signs it in again."""
    address = f"{name}@example.com"
    ask("POST", "/customers", {"email": address, "password": PASSWORD, "name": "Ann Weber"})
    token = secret_for(address, ["token="])
    ask("POST", "/auth/register/verify", {"token": token, "password": PASSWORD})
    return {"email": address, "password": PASSWORD}


def main():
    """Prints everybody."""
    admin = come_in(sys.argv[1])
    # The second one's session is there to be ended.
    print(json.dumps({"admin": admin, "leaver": invite(admin, "leaver"), "customer": register("ann")}))


if __name__ == "__main__":
    main()
