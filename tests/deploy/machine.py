"""What surrounds the deployed functions on one machine: an AWS, a Stripe, a clock that can be moved, and
the one address that a browser sees. Everything listens on 127.0.0.1 on free ports and ends with the test.
"""

import gzip
import http.client
import http.server
import json
import os
import pathlib
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request

ROOT = pathlib.Path(__file__).resolve().parents[2]
TOOLS = ROOT / ".tools" / "deploy" / "bin"
REGION = "eu-west-3"
KEY = "test"  # ministack's own key, which may do anything
SECOND_TRY = 0.5  # seconds after which a failed event is given to its function again; a third time after twice that
QUIET = 3 * SECOND_TRY


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def until(what: str, ask, patience: float = 60, pause: float = 0.2):
    """The first answer of `ask` that is true. Real seconds: nothing here waits by the moved clock."""
    end = time.monotonic() + patience
    while True:
        answer = ask()
        if answer:
            return answer
        if time.monotonic() > end:
            raise AssertionError(f"{what}: not within {patience} s")
        time.sleep(pause)


class Clock:
    """The time of ministack, of every function that it starts, and of the stand-in for Stripe. libfaketime
    stands between them and the machine's clock, and reads how far it is moved from a file."""

    def __init__(self, folder: pathlib.Path):
        import libfaketime

        self.file = folder / "clock"
        library = pathlib.Path(libfaketime.__file__).parent / "vendor/libfaketime/src/libfaketime.so.1"
        self.moved = 0.0
        self.environment = {
            "LD_PRELOAD": str(library),
            "FAKETIME_TIMESTAMP_FILE": str(self.file),
            "FAKETIME_NO_CACHE": "1",
            "FAKETIME_DONT_FAKE_MONOTONIC": "1",
        }
        self._write()

    def _write(self):
        unfinished = self.file.with_suffix(".part")
        unfinished.write_text(f"+{self.moved:.0f}\n")
        os.replace(unfinished, self.file)

    def now(self) -> float:
        return time.time() + self.moved

    def advance(self, seconds: float):
        self.moved += seconds
        self._write()


class Process:
    """A process of ours, ended by its own id."""

    def __init__(self, name: str, command: list, folder: pathlib.Path, environment: dict):
        self.log = folder / f"{name}.log"
        self.name = name
        with self.log.open("wb") as log:
            self.process = subprocess.Popen(
                command, cwd=folder, env=environment, stdout=log, stderr=subprocess.STDOUT, start_new_session=True
            )

    def alive(self):
        if self.process.poll() is not None:
            raise AssertionError(f"{self.name} ended:\n{self.log.read_text()[-2000:]}")
        return True

    def end(self):
        if self.process.poll() is None:
            # Its own group: the functions that it started end with it.
            os.killpg(self.process.pid, signal.SIGTERM)
            try:
                self.process.wait(10)
            except subprocess.TimeoutExpired:
                os.killpg(self.process.pid, signal.SIGKILL)
                self.process.wait()


def listening(port: int) -> bool:
    with socket.socket() as probe:
        probe.settimeout(1)
        return probe.connect_ex(("127.0.0.1", port)) == 0


class Machine:
    """Starts all of it. `enforced`: every call is checked against the caller's IAM policies."""

    def __init__(self, folder: pathlib.Path, enforced: bool, secrets: dict):
        self.folder = folder
        self.clock = Clock(folder)
        self.port, self.stripe_port, self.front_port = free_port(), free_port(), free_port()
        self.endpoint = f"http://127.0.0.1:{self.port}"
        self.stripe = f"http://127.0.0.1:{self.stripe_port}"
        self.site = f"http://127.0.0.1:{self.front_port}"
        plain = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
        # ministack hands its own environment on to every function: here is what tells real binaries
        # that AWS and Stripe are on this machine. The template knows nothing of it.
        state = folder / "aws"
        state.mkdir()
        self.calls_under_way = folder / "calls-under-way"
        self.aws = Process(
            "aws",
            [sys.executable, pathlib.Path(__file__).with_name("aws.py")],
            state,
            plain
            | self.clock.environment
            | {
                "GATEWAY_PORT": str(self.port),
                "BIND_HOST": "127.0.0.1",
                "MINISTACK_REGION": REGION,
                "TMPDIR": str(state),
                "CALLS_UNDER_WAY": str(self.calls_under_way),
                "LAMBDA_ASYNC_RETRY_BASE_SECONDS": str(SECOND_TRY),
                "AUTH": "true" if enforced else "false",
                "AWS_ACCESS_KEY_ID": KEY,
                "AWS_SECRET_ACCESS_KEY": KEY,
                "AWS_ENDPOINT_URL": self.endpoint,
                "DYNAMODB_ENDPOINT": self.endpoint,
                "S3_ENDPOINT": self.endpoint,
                "SES_ENDPOINT": self.endpoint,
                "EVENTBRIDGE_ENDPOINT": self.endpoint,
                "SQS_ENDPOINT": self.endpoint,
                "LAMBDA_ENDPOINT": self.endpoint,
                "SECRETSMANAGER_ENDPOINT": self.endpoint,
                "STRIPE_ENDPOINT": self.stripe,
            },
        )
        self.standin = Process(
            "stripe",
            [os.environ.get("STANDIN_BIN", str(ROOT / "target/debug/stripe-standin"))],
            folder,
            plain
            | self.clock.environment
            | {
                "LISTEN": f"127.0.0.1:{self.stripe_port}",
                "STANDIN_FILE": str(folder / "stripe.sqlite"),
                "WEBHOOK_URL": f"{self.site}/webhooks/stripe",
                "STRIPE_SECRET_KEY": secrets["STRIPE_SECRET_KEY"],
                "STRIPE_WEBHOOK_SECRET": secrets["STRIPE_WEBHOOK_SECRETS"],
            },
        )
        self.front = None
        until("ministack listens", lambda: self.aws.alive() and listening(self.port), 60)
        until("the stand-in listens", lambda: self.standin.alive() and listening(self.stripe_port))

    def client(self, service: str):
        import boto3

        return boto3.client(
            service,
            endpoint_url=self.endpoint,
            region_name=REGION,
            aws_access_key_id=KEY,
            aws_secret_access_key=KEY,
        )

    def aws_environment(self) -> dict:
        """For tools that talk to this AWS as if it were the real one. By real time: ministack does not mind."""
        return os.environ | {
            "AWS_ACCESS_KEY_ID": KEY,
            "AWS_SECRET_ACCESS_KEY": KEY,
            "AWS_REGION": REGION,
            "AWS_DEFAULT_REGION": REGION,
            "AWS_ENDPOINT_URL": self.endpoint,
            "AWS_CONFIG_FILE": "/dev/null",
            "AWS_SHARED_CREDENTIALS_FILE": "/dev/null",
            "SAM_CLI_TELEMETRY": "0",
            "PATH": f"{TOOLS}:{os.environ['PATH']}",
        }

    def advance(self, seconds: float):
        """Moves the clock, once nothing is under way: a signature from before would be ten days old when it
        arrives, and an event too old to be given again."""
        since = time.monotonic()

        def quiet():
            nonlocal since
            if self.calls_under_way.read_text() != "0":
                since = time.monotonic()
            return time.monotonic() - since > QUIET

        until("every function is done", quiet, patience=180, pause=0.05)
        self.clock.advance(seconds)

    def advance_to(self, moment: float):
        self.advance(max(0.0, moment - self.clock.now()))

    def mails(self) -> list:
        with urllib.request.urlopen(f"{self.endpoint}/_ministack/ses/messages") as answer:
            by_account = json.load(answer)["messages"]
        return [mail for mails in by_account.values() for mail in mails]

    def open_front(self, behaviours: list):
        self.front = Front(self.front_port, self.port, behaviours)

    def end(self):
        if self.front:
            self.front.end()
        self.standin.end()
        self.aws.end()


# What this front proves itself with, as CloudFront does with the first of the template's OriginProofs.
ORIGIN_PROOF = "only-from-the-front-of-this-machine"


class Front:
    """The one address. CloudFront of ministack serves the site by its behaviours and functions, but knows no
    origin at an AWS host name: what a behaviour sends to the API goes there from here."""

    def __init__(self, port: int, aws_port: int, behaviours: list):
        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def answer(self):
                path = self.path.split("?")[0]
                # The first pattern that matches decides.
                host = next(
                    host
                    for pattern, host in behaviours
                    if path == pattern or (pattern.endswith("*") and path.startswith(pattern[:-1]))
                )
                length = int(self.headers.get("content-length") or 0)
                body = self.rfile.read(length) if length else None
                headers = {
                    name: value
                    for name, value in self.headers.items()
                    if name.lower() not in ("host", "connection", "content-length")
                }
                headers["Host"] = host
                # Browsers speak HTTPS to CloudFront, which leads them there otherwise.
                headers["X-Forwarded-Proto"] = "https"
                headers["X-Origin-Proof"] = ORIGIN_PROOF
                headers["CloudFront-Viewer-Address"] = f"{self.client_address[0]}:{self.client_address[1]}"
                headers["CloudFront-Viewer-Country"] = "FR"
                onward = http.client.HTTPConnection("127.0.0.1", aws_port, timeout=60)
                try:
                    onward.request(self.command, self.path, body, headers)
                    answer = onward.getresponse()
                    content = answer.read()
                finally:
                    onward.close()
                given = {name.lower(): value for name, value in answer.getheaders()}
                # CloudFront compresses texts on their way, whoever wrote them.
                takes = "gzip" in self.headers.get("accept-encoding", "")
                text = given.get("content-type", "").startswith(("application/json", "text/"))
                packed = takes and text and "content-encoding" not in given and self.command != "HEAD"
                content = gzip.compress(content) if packed else content
                self.send_response(answer.status)
                if packed:
                    self.send_header("content-encoding", "gzip")
                for name, value in answer.getheaders():
                    if name.lower() not in ("transfer-encoding", "connection", "content-length", "date", "server"):
                        self.send_header(name, value)
                self.send_header("content-length", str(len(content)))
                self.end_headers()
                if self.command != "HEAD":
                    self.wfile.write(content)

            do_GET = do_HEAD = do_POST = do_PUT = do_DELETE = do_PATCH = answer

            def log_message(self, *_):
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", port), Handler)
        self.server.daemon_threads = True
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def end(self):
        self.server.shutdown()
        self.server.server_close()
