"""A browser without a screen: keeps cookies, says where it comes from, reads JSON."""

import http.client
import json
import urllib.parse


class Answer:
    def __init__(self, asked: str, status: int, headers: list, body: bytes):
        self.asked, self.status, self.body = asked, status, body
        self.headers = {name.lower(): value for name, value in headers}
        self.text = body.decode("utf-8", "replace")

    @property
    def json(self):
        return json.loads(self.body) if self.body else None

    def ok(self):
        assert 200 <= self.status < 400, f"{self.asked}: {self.status} {self.text[:2000]}"
        return self.json if "json" in self.headers.get("content-type", "") else self.text

    def refused(self, status: int, code: str):
        assert (self.status, (self.json or {}).get("code")) == (status, code), f"{self.asked}: {self.status} {self.text}"
        return self.json


class Browser:
    def __init__(self, site: str):
        self.site = site
        self.cookies = {}

    def send(self, method: str, address: str, body: bytes | None = None, headers: dict | None = None) -> Answer:
        url = urllib.parse.urlsplit(address if address.startswith("http") else self.site + address)
        ours = f"{url.scheme}://{url.netloc}" == self.site
        sent = {"User-Agent": "deploy-test/1.0", **(headers or {})}
        if ours and self.cookies:
            sent["Cookie"] = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        if ours and method != "GET":
            sent.setdefault("Origin", self.site)
        connection = http.client.HTTPConnection(url.hostname, url.port, timeout=60)
        try:
            path = url.path + (f"?{url.query}" if url.query else "")
            connection.request(method, path or "/", body, sent)
            answer = connection.getresponse()
            content = answer.read()
        finally:
            connection.close()
        if ours:
            for name, value in answer.getheaders():
                if name.lower() == "set-cookie":
                    self._keep(value)
        return Answer(f"{method} {address}", answer.status, answer.getheaders(), content)

    def _keep(self, cookie: str):
        pair, _, attributes = cookie.partition(";")
        name, _, value = pair.partition("=")
        if "max-age=0" in attributes.lower().replace(" ", ""):
            self.cookies.pop(name.strip(), None)
        else:
            self.cookies[name.strip()] = value

    def get(self, address: str) -> Answer:
        return self.send("GET", address)

    def json(self, method: str, address: str, value) -> Answer:
        return self.send(method, address, json.dumps(value).encode(), {"Content-Type": "application/json"})

    def post(self, address: str, value=None) -> Answer:
        return self.json("POST", address, {} if value is None else value)

    def put(self, address: str, value) -> Answer:
        return self.json("PUT", address, value)

    def form(self, address: str, **fields) -> Answer:
        body = urllib.parse.urlencode(fields).encode()
        return self.send("POST", address, body, {"Content-Type": "application/x-www-form-urlencoded"})
