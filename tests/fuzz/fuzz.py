"""Asks a running marketplace what nobody would ask: `make fuzz` (FUZZ_SECONDS=180, FUZZ_SEED=1).

schemathesis reads the API's own description and asks every operation as nobody, client, professional and operator;
then hostile texts go to pages, forms and the webhook. Nothing may answer 5xx, and nothing may answer otherwise than
the description says, or write back a tag that it was given.
"""

import concurrent.futures
import http.client
import http.cookiejar
import json
import os
import pathlib
import random
import re
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.parse
import urllib.request

ROOT = pathlib.Path(__file__).resolve().parents[2]
LOCAL = pathlib.Path(os.environ.get("LOCAL_BIN", ROOT / "target/debug/local"))
SCHEMATHESIS = pathlib.Path(sys.executable).parent / "schemathesis"
SECONDS = int(os.environ.get("FUZZ_SECONDS", "180"))
SEED = int(os.environ.get("FUZZ_SEED", "1"))
PASSWORD = "Demo-Secret-2026"
CHECKS = "not_a_server_error,response_schema_conformance,content_type_conformance,response_headers_conformance"
# What would end the session that asks, or close its account: tests of their own ask these.
ENDING = r"^/api/(session|session/refresh|account/close|account/password|account/suspect-access|account/terms)$"

TAG = "<i data-fuzz=1>"
HOSTILE = [
    TAG,
    f"\"'>{TAG}",
    "",
    " ",
    "\0",
    "\r\nX-Fuzz: 1",
    "\u202e\u200b\ufeff\ufffe",
    "é" * 5000,
    "٣" * 40,
    "-1",
    "99999999999999999999",
    "1e309",
    "NaN",
    "0000-01",
    "9999-99-99T99:99:99Z",
    "../../etc/passwd",
    "%2e%2e%2f%00",
    "{{7*7}}${7*7}",
    "' OR 1=1 --",
    "bkg_00000000000000000000000000",
    "pro_" + "Z" * 26,
    "javascript:alert(1)",
    "𝟘𝟙𝟚",
    "[]",
    "{\"a\":",
]


class NoRedirect(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_):
        return None


class Visitor:
    """A browser that keeps cookies and follows nothing."""

    def __init__(self, site: str):
        self.site = site
        self.jar = http.cookiejar.CookieJar()
        self.opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(self.jar), NoRedirect)

    def ask(self, method: str, path: str, body: bytes | None = None, headers: dict | None = None):
        address = path if path.startswith("http") else self.site + path
        request = urllib.request.Request(address, body, {"Origin": self.site, "User-Agent": "fuzz/1.0"} | (headers or {}), method=method)
        try:
            with self.opener.open(request, timeout=60) as answer:
                return answer.status, dict(answer.headers), answer.read()
        except urllib.error.HTTPError as error:
            return error.code, dict(error.headers), error.read()
        except http.client.HTTPException as error:
            # An answer that no client can read counts as a failure of the server.
            return 599, {}, str(error).encode()

    def json(self, method: str, path: str, value=None):
        body = None if value is None else json.dumps(value).encode()
        status, _, text = self.ask(method, path, body, {"Content-Type": "application/json"})
        if status >= 400:
            raise SystemExit(f"{method} {path}: {status} {text[:300]!r}")
        return json.loads(text or b"null")

    def form(self, path: str, fields: dict):
        body = urllib.parse.urlencode(fields, doseq=True).encode()
        return self.ask("POST", path, body, {"Content-Type": "application/x-www-form-urlencoded"})

    def cookies(self) -> str:
        return "; ".join(f"{cookie.name}={cookie.value}" for cookie in self.jar)


def start() -> tuple[subprocess.Popen, str]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    folder = tempfile.mkdtemp(prefix="fuzz-")
    log = open(pathlib.Path(folder) / "log", "w")
    environment = os.environ | {"PORT": str(port), "DATA_DIR": folder, "RUST_LOG": "error"}
    server = subprocess.Popen([LOCAL], cwd=ROOT, env=environment, stdout=log, stderr=log)
    site = f"http://127.0.0.1:{port}"
    for _ in range(300):
        try:
            urllib.request.urlopen(f"{site}/api/health", timeout=5).read()
            return server, site
        except OSError:
            time.sleep(0.2)
    server.kill()
    raise SystemExit(f"The server did not start: {folder}/log")


def actors(site: str) -> dict[str, Visitor]:
    """Everybody who asks, signed in."""
    everybody = {name: Visitor(site) for name in ("nobody", "client", "professional", "operator")}
    everybody["nobody"].json("POST", "/local/demo", {})
    everybody["client"].json("POST", "/api/session", {"email": "camille@demo.monagentdesecu.fr", "password": PASSWORD})
    everybody["professional"].json("POST", "/api/session", {"email": "bastion@demo.monagentdesecu.fr", "password": PASSWORD})
    operator = everybody["operator"]
    told = operator.json("GET", "/local/operator")
    operator.form("/admin/connexion", {"email": told["email"], "password": told["password"]})
    status, _, _ = operator.form("/admin/connexion/code", {"code": told["code"]})
    assert status == 303, f"the operator does not come in: {status}"
    return everybody


def known(everybody: dict[str, Visitor]) -> dict[str, list]:
    """Identifiers that exist, by the names that routes give them."""
    found: dict[str, set] = {}
    names = {
        "bkg": "booking", "pro": "professional", "ofr": "offer", "cnv": "conversation", "rev": "review", "acc": "account",
        "doc": "document", "inv": "invoice", "msg": "message", "att": "attachment", "rpt": "report", "clt": "account",
    }  # fmt: skip
    lists = {
        "client": ["/api/bookings", "/api/conversations", "/api/account"],
        "professional": ["/api/professional/bookings", "/api/professional/offers", "/api/professional/page", "/api/registration"],
        "operator": ["/admin/professionnels", "/admin/reservations", "/admin/avis", "/admin/signalements", "/api/admin/registrations"],
        "nobody": ["/sitemap.xml"],
    }
    for actor, paths in lists.items():
        for path in paths:
            text = everybody[actor].ask("GET", path)[2].decode("utf-8", "replace")
            for prefix, number in re.findall(r"\b([a-z]{3})_([0-9A-Z]{26})\b", text):
                found.setdefault(names.get(prefix, prefix), set()).add(f"{prefix}_{number}")
            for slug in re.findall(r"/professionnels/([a-z0-9-]+)", text):
                found.setdefault("slug", set()).add(slug)
    return {name: sorted(values)[:20] for name, values in found.items()} | {"audience": ["clients", "professionals"], "format": ["pdf", "xml"]}


def of_the_api(site: str, actor: str, visitor: Visitor, exist: dict, seconds: int) -> tuple[str, int, list[str]]:
    """One run of schemathesis; how many requests, and what failed."""
    folder = pathlib.Path(tempfile.mkdtemp(prefix=f"fuzz-{actor}-"))
    report = folder / "junit.xml"
    command = [
        *(SCHEMATHESIS, "run", ROOT / "frontend/static/api/openapi.json", "--url", site, "--checks", CHECKS, "--phases", "coverage,fuzzing"),
        *("--max-time", str(seconds), "--seed", str(SEED), "--header", f"Origin: {site}", "--exclude-path-regex", ENDING),
        *("--continue-on-failure", "--no-shrink", "--suppress-health-check", "all", "--warnings", "off", "--max-redirects", "0"),
        *("--request-timeout", "60", "--report", "junit", "--report-junit-path", report, "--output-sanitize", "false"),
    ]
    if visitor.cookies():
        command += ["--header", f"Cookie: {visitor.cookies()}"]
    environment = os.environ | {
        "SCHEMATHESIS_HOOKS": "hooks", "PYTHONPATH": str(ROOT / "tests/fuzz"),
        "FUZZ_KNOWN": json.dumps(exist), "FUZZ_SEED": str(SEED), "NO_COLOR": "1", "COLUMNS": "200",
    }  # fmt: skip
    done = subprocess.run([str(part) for part in command], cwd=folder, env=environment, capture_output=True, text=True)
    (folder / "said").write_text(done.stdout + done.stderr)
    asked = re.search(r"([\d,]+) (?:test cases )?generated", done.stdout)
    count = int(asked.group(1).replace(",", "")) if asked else 0
    if done.returncode not in (0, 1) or count == 0:
        return actor, count, [f"schemathesis did not run ({done.returncode}): {folder}/said\n{done.stdout[-1500:]}{done.stderr[-1500:]}"]
    if done.returncode == 0:
        return actor, count, []
    failures = done.stdout.split("FAILURES", 1)[-1]
    return actor, count, [f"as {actor}: {folder}/said\n{failures[:6000]}"]


def routes() -> list[tuple[str, str]]:
    """Every page and form of the dashboard, as docs/access.md lists them, and what else answers no JSON."""
    text = (ROOT / "docs/access.md").read_text()
    pages = re.findall(r"^\| (GET|POST) (/admin\S*) \|", text, re.M)
    return pages + [
        ("GET", "/professionnels/{slug}"), ("GET", "/cgu/{audience}"), ("GET", "/sitemap.xml"), ("GET", "/api/calendars/{feed}"),
        ("POST", "/webhooks/stripe"), ("GET", "/{anything}"), ("POST", "/api/{anything}"), ("PUT", "/api/session"),
    ]  # fmt: skip


# Fields that forms of the dashboard have, so that what is sent gets past the parser now and then.
FIELDS = ["reason", "message", "text", "email", "password", "code", "back", "kind", "date", "amount", "percent", "method", "document", "q", "after", "from", "to"]


def of_the_pages(everybody: dict[str, Visitor], exist: dict, seconds: int) -> tuple[int, list[str]]:
    """Hostile texts in addresses, queries, forms, headers and the webhook's body."""
    chance, wrong, count = random.Random(SEED), [], 0
    end = time.monotonic() + seconds
    everything = [route for route in routes() if "deconnexion" not in route[1]]
    while time.monotonic() < end and len(wrong) < 20:
        method, pattern = chance.choice(everything)
        actor = chance.choice(list(everybody))

        def one(name: str) -> str:
            if exist.get(name) and chance.random() < 0.6:
                return chance.choice(exist[name])
            return urllib.parse.quote(chance.choice(HOSTILE), safe="")

        path = re.sub(r"\{(\w+)\+?\}", lambda found: one(found.group(1)), pattern)
        fields = {chance.choice(FIELDS): chance.choice(HOSTILE + ["2027-01-05", "12", "Une raison assez longue."]) for _ in range(chance.randrange(5))}
        headers = {"Idempotency-Key": "f" * chance.randrange(1, 140)} if chance.random() < 0.1 else {}
        if method == "GET":
            status, said, text = everybody[actor].ask(method, f"{path}?{urllib.parse.urlencode(fields)}", None, headers)
        elif pattern.startswith("/webhooks"):
            body = json.dumps({"id": chance.choice(HOSTILE), "type": chance.choice(HOSTILE), "data": {"object": fields}}).encode()
            signature = chance.choice(["", "t=1,v1=00", f"t={int(time.time())},v1=" + "0" * 64, "v1=", "t=" + "9" * 400])
            status, said, text = everybody[actor].ask(method, path, body[: chance.randrange(1, len(body) + 1)], {"Stripe-Signature": signature})
            if status < 400:
                wrong.append(f"a webhook that nobody signed was taken: {status}")
        else:
            kind = chance.choice(["application/x-www-form-urlencoded"] * 8 + ["application/json", "multipart/form-data; boundary=x", "text/plain"])
            body = urllib.parse.urlencode(fields).encode() if chance.random() < 0.9 else bytes(chance.randrange(256) for _ in range(200))
            status, said, text = everybody[actor].ask(method, path, body, {"Content-Type": kind} | headers)
        count += 1
        if status >= 500:
            wrong.append(f"{status} as {actor}: {method} {path} {fields}\n{text[:300]!r}")
        if TAG.encode() in text and "html" in {k.lower(): v for k, v in said.items()}.get("content-type", ""):
            wrong.append(f"a tag comes back as {actor}: {method} {path} {fields}")
        if any(name.lower() == "x-fuzz" for name in said):
            wrong.append(f"a header comes back as {actor}: {method} {path} {fields}")
    return count, wrong


def main() -> None:
    server, site = start()
    try:
        everybody = actors(site)
        exist = known(everybody)
        share = max(10, SECONDS // 5)
        wrong, counts = [], {}
        # Two at once: schemathesis thinks about as long as the server answers.
        with concurrent.futures.ThreadPoolExecutor(2) as pool:
            runs = [pool.submit(of_the_api, site, actor, visitor, exist, share * 2) for actor, visitor in everybody.items()]
            for run in runs:
                actor, count, failed = run.result()
                counts[actor] = count
                wrong += failed
        counts["pages, forms and webhook"], failed = of_the_pages(actors_again(site, everybody), exist, share)
        wrong += failed
        if server.poll() is not None:
            wrong.append(f"the server ended: {server.returncode}")
    finally:
        server.terminate()
        server.wait(30)
    print(f"seed {SEED}: " + ", ".join(f"{count} requests as {actor}" for actor, count in counts.items()))
    if wrong:
        raise SystemExit("\n\n".join(wrong))
    print("No failure of the server, no answer but as described.")


def actors_again(site: str, everybody: dict[str, Visitor]) -> dict[str, Visitor]:
    """What was fuzzed may have signed somebody out."""
    return actors(site) | {"nobody": everybody["nobody"]}


if __name__ == "__main__":
    main()
