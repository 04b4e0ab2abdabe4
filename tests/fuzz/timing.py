"""Tells known from unknown addresses by how long answers take, or tries to: `make timing` (PAIRS=300, FORMS).

Pairs are interleaved, the order within a pair by chance. For each, whoever took longer is said to be known: told
apart are those for which that is right. Around half is what guessing gives; 40 to 60 % is what is allowed.
"""

import http.client
import json
import os
import random
import sys
import time
import urllib.parse

from fuzz import start

PAIRS = int(os.environ.get("PAIRS", "300"))
FORMS = ("signing in", "signing up", "resetting a password", "registering", "withdrawing")
ASKED = os.environ.get("FORMS", ",".join(FORMS)).split(",")
KNOWN = [f"{name}@demo.monagentdesecu.fr" for name in ("camille", "festival", "rex", "bastion", "vigie")]
CHANCE = random.Random(1)


def asked(kind: str, email: str) -> tuple[str, str, dict]:
    person = {"kind": {"type": "consumer"}, "first_name": "Nadia", "last_name": "Martin", "phone": "06 12 34 56 78"}
    return {
        "signing in": ("POST", "/api/session", {"email": email, "password": "Faux-Secret-2026"}),
        "signing up": ("POST", "/api/accounts", {"email": email, "password": "Correct-Cheval-9", "accepts_terms": True, "profile": person}),
        "resetting a password": ("POST", "/api/password-resets", {"email": email}),
        "registering": ("POST", "/api/registrations", {"email": email, "accepts_terms": True}),
        "withdrawing": ("POST", "/api/withdrawals", {"name": "Nadia Martin", "reference": "MAS-2026-00000000", "email": email, "confirmed": False}),
    }[kind]


class Asking:
    """Each request comes from an address of its own, so that limits by address stop nothing."""

    def __init__(self, site: str):
        self.site, self.port, self.number = site, urllib.parse.urlparse(site).port, 0

    def ask(self, method: str, path: str, body: dict) -> tuple[int, float]:
        self.number += 1
        source = f"127.{1 + self.number // 62500}.{self.number // 250 % 250}.{1 + self.number % 250}"
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=120, source_address=(source, 0))
        connection.connect()
        text = json.dumps(body)
        begun = time.perf_counter()
        connection.request(method, path, text, {"Content-Type": "application/json", "Origin": self.site})
        answer = connection.getresponse()
        answer.read()
        took = time.perf_counter() - begun
        connection.close()
        return answer.status, took


def told_apart(asking: Asking, kind: str) -> tuple[float, dict]:
    right, statuses = 0, {}
    for number in range(PAIRS):
        # Three mails a day for an address, five tries an hour: the days go on.
        if number % 15 == 0:
            asking.ask("POST", "/local/clock", {"advance_seconds": 86_400})
        # As many of one as of the other: an address that is asked about for the first time has no counter yet.
        unknown = f"personne-{kind.replace(' ', '-')}-{number % len(KNOWN)}@exemple.fr"
        emails = [(True, KNOWN[number % len(KNOWN)]), (False, unknown)]
        CHANCE.shuffle(emails)
        took = {}
        for known, email in emails:
            status, took[known] = asking.ask(*asked(kind, email))
            statuses[known, status] = statuses.get((known, status), 0) + 1
        right += took[True] > took[False]
    return right / PAIRS, statuses


def main() -> None:
    server, site = start()
    wrong = []
    try:
        asking = Asking(site)
        asking.ask("POST", "/local/demo", {})
        for kind in ASKED:
            share, statuses = told_apart(asking, kind)
            answers = ", ".join(f"{count} × {status} {'known' if known else 'unknown'}" for (known, status), count in sorted(statuses.items()))
            print(f"{kind}: {share:.0%} of {PAIRS} pairs told apart ({answers})", flush=True)
            if not 0.4 <= share <= 0.6:
                wrong.append(kind)
    finally:
        server.terminate()
        server.wait(30)
    if wrong:
        sys.exit(f"Told apart: {', '.join(wrong)}")


if __name__ == "__main__":
    main()
