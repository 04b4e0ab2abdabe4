"""People who do, over HTTP, what the real ones do. The same steps as tests/src/people.rs."""

import base64
import datetime
import hashlib
import hmac
import re
import struct
import time
import zoneinfo

from browser import Browser
from machine import until

PARIS = zoneinfo.ZoneInfo("Europe/Paris")
OFFERS = ("day", "night", "sunday", "holiday")


def pdf(text: str) -> bytes:
    """A small, real PDF with some text in it."""
    return (
        "%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]>>endobj\n"
        f"% {text}\ntrailer<</Root 1 0 R>>\n%%EOF\n"
    ).encode()


def mails_to(world, address: str, words: str = "") -> list:
    return [
        mail
        for mail in world.machine.mails()
        if any(address in to for to in mail["To"]) and words.lower() in (mail["Subject"] + mail["BodyText"]).lower()
    ]


def mail(world, address: str, words: str) -> dict:
    """The last mail to somebody that says these words, waited for: it comes over stream, bus and SES."""
    return until(f"a mail to {address} about {words!r}", lambda: mails_to(world, address, words))[-1]


def token(world, address: str, after: int = 0) -> str:
    """The one-time token of the last mail to an address that carries one."""

    def found():
        tokens = [re.search(r"jeton=([\w-]+)", mail["BodyText"]) for mail in mails_to(world, address)[after:]]
        return [found.group(1) for found in tokens if found]

    return until(f"a mail to {address} with a link", found)[-1]


def one_time_code(secret: str, now: float) -> str:
    """What a telephone shows (RFC 6238)."""
    key = base64.b32decode(secret + "=" * (-len(secret) % 8))
    digest = hmac.new(key, struct.pack(">Q", int(now) // 30), hashlib.sha1).digest()
    at = digest[-1] & 15
    return f"{(struct.unpack('>I', digest[at : at + 4])[0] & 0x7FFFFFFF) % 1_000_000:06}"


class Operator:
    def __init__(self, world, email: str, password: str, secret: str):
        self.world, self.email, self.password, self.secret = world, email, password, secret
        self.browser = Browser(world.machine.site)

    def _first_factor(self):
        answer = self.browser.form("/admin/connexion", email=self.email, password=self.password)
        assert answer.status == 303, f"{answer.status} {answer.text[:500]}"
        return answer.headers["location"]

    def accept(self, registration: str):
        """Decides each point of a registration by itself, then accepts it."""
        file = f"/api/admin/registrations/{registration}"
        for point in self.browser.get(file).ok()["checklist"]:
            if point["state"] not in ("to_check", "contradictory"):
                continue
            contradictory = point["state"] == "contradictory"
            decision = {"method": "vue des pièces", "reason": "Attestation lue ce jour." if contradictory else ""}
            if point["by_hand"]:
                self.browser.post(f"{file}/verifications", decision | {"what": point["by_hand"]}).ok()
            else:
                self.browser.post(f"/api/admin/documents/{registration}/{point['document']}/verify", decision).ok()
        self.browser.post(f"{file}/accept", {}).ok()

    def enrol(self):
        """The first sign-in sets the second factor up."""
        page = self.browser.get(self._first_factor()).ok()
        assert self.secret not in page, "the key was given with the account"
        code = one_time_code(self.secret, self.world.machine.clock.now())
        shown = self.browser.form("/admin/connexion/activation", code=code).ok()
        assert re.search(r"[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}", shown), "recovery codes are shown once"


DOCUMENTS = [
    {"kind": "authorisation", "number": "AUT-069-2123-12-09-20240960800", "expires_on": "2123-12-09",
     "activities": ["surveillance"]},
    {
        "kind": "insurance",
        "insurer": "Assureur de test",
        "insurer_contact": "1 rue du Test, 75001 Paris",
        "policy_number": "RC-2026-1",
        "coverage": "France entière",
        "valid_from": "2026-01-01",
        "expires_on": "2029-12-31",
    },
    {"kind": "bank_details", "holder": "Société de test", "iban": "FR76 3000 6000 0112 3456 7890 189"},
    {
        "kind": "conditions_of_sale",
        "version": "2026-1",
        "contents": {"nature": True, "prices": True, "execution": True, "withdrawal": True},
    },
]


class Professional:
    PASSWORD = "Nouveau-Secret-77"

    def __init__(self, world, name: str):
        self.world = world
        self.name = name
        self.email = f"{name.lower()}@pro.exemple.fr"
        self.browser = Browser(world.machine.site)

    def register(self):
        browser = self.browser
        browser.post("/api/registrations", {"email": self.email, "accepts_terms": True}).ok()
        browser.post("/api/registrations/resume", {"token": token(self.world, self.email)}).ok()
        profile = {
            "kind": "legal",
            "legal_form": "SAS",
            "denomination": self.name,
            "siren": "910000017",
            "siret": "91000001700012",
            "vat_status": "registered",
            "vat_number": "FR53910000017",
            "registry": {"type": "rcs", "town": "Lyon"},
            "establishment": {"street": "1 place Bellecour", "postal_code": "69002", "town": "Lyon"},
            "phone": "04 72 00 00 00",
            "description": "Surveillance humaine et gardiennage de chantiers depuis 2012, équipe formée.",
            "managers": [{"name": "Dominique Leroy"}],
            "agents": [{"first_name": f"Agent {letter}", "last_name": "Durand"} for letter in "AB"],
            "mediator": {"name": "Médiateur de test", "website": "https://mediateur.exemple.fr"},
        }
        saved = browser.put("/api/registration", {"profile": profile}).ok()["profile"]
        documents = list(DOCUMENTS)
        for manager in saved["managers"]:
            number = "AGD-069-2030-06-12-20250183149"
            documents.append(
                {"kind": "manager_approval", "manager": manager["id"], "number": number, "expires_on": "2030-06-12"}
            )
        for n, agent in enumerate(saved["agents"]):
            number = f"CAR-069-2030-06-19-2025018{n:04}"
            documents.append(
                {"kind": "professional_card", "agent": agent["id"], "number": number, "expires_on": "2030-06-19",
                 "activities": ["surveillance"]}
            )
        for details in documents:
            self.upload(details)

    def upload(self, details: dict):
        """Announces a file, sends it straight to S3 with the presigned request, and confirms it."""
        file = pdf(str(details))
        asked = {
            "details": details,
            "file_type": "application/pdf",
            "size": len(file),
            "sha256": hashlib.sha256(file).hexdigest(),
        }
        prepared = self.browser.post("/api/registration/documents", asked).ok()
        upload = prepared["upload"]
        put = self.browser.send(upload["method"], upload["url"], file, upload["headers"])
        assert put.status == 200, f"S3 answers {put.status} {put.text[:500]}"
        self.browser.post(f"/api/registration/documents/{prepared['document']}/confirm").ok()
        self.scanned(prepared["document"])

    def scanned(self, document: str):
        """Waits until the malware scan, whose event comes over the bus, said that a file is clean."""
        for _ in range(120):
            documents = self.browser.get("/api/registration").ok()["documents"]
            status = next(one["status"] for one in documents if one["id"] == document)
            if status != "scanning":
                assert status == "deposited", status
                return
            time.sleep(0.5)
        raise AssertionError(f"{document} is still being scanned")

    def submit(self) -> str:
        said = ("accepts_terms", "certifies_accuracy", "follows_code_of_ethics", "gives_billing_mandate")
        self.browser.post("/api/registration/submit", {"declarations": dict.fromkeys(said, True)}).ok()
        return self.browser.get("/api/registration").ok()["id"]

    def activate(self):
        """From the mail of acceptance to a chosen password."""
        accepted = mail(self.world, self.email, "acceptée")
        link = re.search(r"jeton=([\w-]+)", accepted["BodyText"]).group(1)
        self.browser = Browser(self.world.machine.site)
        password = self.browser.post("/api/activations", {"token": link}).ok()["attributed_password"]
        self.browser.post("/api/session", {"email": self.email, "password": password}).ok()
        change = {"current_password": password, "new_password": self.PASSWORD}
        self.browser.put("/api/account/password", change).ok()

    def onboard(self):
        """Answers Stripe's questions on its page and comes back."""
        link = self.browser.post("/api/professional/payouts/onboarding").ok()["url"]
        assert link.startswith(self.world.machine.stripe), link
        back = self.browser.send("POST", link, b"")
        assert back.headers["location"].endswith("/pro/versements?retour=1"), back.text
        assert self.browser.post("/api/professional/payouts/refresh").ok()["status"] == "active"

    def publish(self):
        browser = self.browser
        page = {
            "headline": "Votre chantier gardé, de jour comme de nuit",
            "presentation": "Nous gardons vos chantiers et vos locaux dans toute la région lyonnaise, "
            "avec des agents salariés et formés.",
            "specialities": ["Chantiers"],
            "languages": ["français"],
            "published": True,
        }
        browser.put("/api/professional/page", {"page": page}).ok()
        days = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
        weekly = [{"weekday": day, "opens": "06:00", "closes": "06:00"} for day in days]
        browser.put("/api/professional/calendar", {"calendar": {"weekly": weekly, "exceptions": []}}).ok()
        terms = {
            "title": "Gardiennage de chantier",
            "activity": "human_surveillance",
            "description": "Rondes, contrôle des accès et main courante électronique, de jour comme de nuit.",
            "modalities": ["Poste fixe", "Rondes"],
            "departments": ["69", "01"],
            "minimum_hours": 4,
            "notice_hours": 24,
            "maximum_agents": 5,
            "rates": {"day": 2600, "night": 2860, "sunday": 2860, "holiday": 5200},
            "travel": 1500,
            "cancellation": "moderate",
        }
        self.offer = browser.post("/api/professional/offers", {"terms": terms}).ok()["id"]
        browser.post(f"/api/professional/offers/{self.offer}/publish").ok()

    def mission(self, days: int) -> dict:
        """Eight hours of the night of a Tuesday, some days on."""
        day = datetime.datetime.fromtimestamp(self.world.machine.clock.now(), PARIS) + datetime.timedelta(days)
        while day.weekday() != 1:
            day += datetime.timedelta(1)
        start = day.replace(hour=20, minute=0, second=0, microsecond=0).astimezone(datetime.timezone.utc)
        moment = lambda at: at.strftime("%Y-%m-%dT%H:%M:%SZ")
        end = start + datetime.timedelta(hours=8)
        return {
            "offer": self.offer,
            "start": moment(start),
            "end": moment(end),
            "agents": 1,
            "postal_code": "69002",
        }

    def sign_in(self):
        self.browser.post("/api/session", {"email": self.email, "password": self.PASSWORD}).ok()


class Client:
    PASSWORD = "Correct-Cheval-9"

    def __init__(self, world, name: str):
        self.world = world
        self.email = f"{name.lower()}@exemple.fr"
        self.name = name
        self.browser = Browser(world.machine.site)

    def sign_up(self):
        profile = {
            "kind": {"type": "consumer"},
            "first_name": self.name,
            "last_name": "Martin",
            "phone": "06 12 34 56 78",
        }
        asked = {"email": self.email, "password": self.PASSWORD, "accepts_terms": True, "profile": profile}
        self.browser.post("/api/accounts", asked).ok()
        self.browser.post("/api/accounts/verify-email", {"token": token(self.world, self.email)}).ok()

    def sign_in(self):
        self.browser.post("/api/session", {"email": self.email, "password": self.PASSWORD}).ok()

    def order(self, mission: dict) -> dict:
        quote = self.browser.post("/api/quotes", mission).ok()
        order = {
            "mission": mission,
            "address": "12 rue de la République",
            "town": "Lyon",
            "context": {
                "site": "Chantier",
                "public_road": False,
                "public_expected": False,
                "risks": "",
                "instructions": "Sonner au portail",
            },
            "expected_total": quote["total"],
            "conditions_of_sale": quote["conditions_of_sale"],
            "withdrawal_information": True,
            "early_start_requested": True,
            "loss_of_withdrawal_acknowledged": True,
        }
        return self.browser.post("/api/bookings", order).ok()

    def pay(self, booking: str, card: str):
        session = self.browser.post(f"/api/bookings/{booking}/checkout").ok()["session"]
        standin = Browser(self.world.machine.stripe)
        return standin.post("/local/stripe/pay", {"session": session, "card": card}).ok()

    def booking(self, identifier: str) -> dict:
        return self.browser.get(f"/api/bookings/{identifier}").ok()

    def waits_for(self, identifier: str, **wanted) -> dict:
        """The booking once it says so: what follows from an event comes a moment later."""

        def asked():
            booking = self.booking(identifier)
            return booking if all(booking[name] == value for name, value in wanted.items()) else None

        return until(f"{identifier} is {wanted}", asked, patience=60)
