"""The part of Lambda and Service Quotas that ministack does not have: a small account, and a desk that takes requests
for more. Speaks what boto3 speaks to AWS."""

import http.server
import json
import threading


class SmallAccount:
    def __init__(self, limit: int):
        self.limit, self.asked = limit, []
        account = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_GET(self):
                assert self.path.startswith("/2016-08-19/account-settings"), self.path
                self.say({"AccountLimit": {"ConcurrentExecutions": account.limit}})

            def do_POST(self):
                asked = json.loads(self.rfile.read(int(self.headers["content-length"])))
                self.say(account.desk(self.headers["x-amz-target"].split(".")[-1], asked))

            def say(self, value: dict):
                body = json.dumps(value).encode()
                self.send_response(200)
                self.send_header("content-type", "application/x-amz-json-1.1")
                self.send_header("content-length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_):
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        self.endpoint = f"http://127.0.0.1:{self.server.server_address[1]}"

    def desk(self, action: str, asked: dict) -> dict:
        match action:
            case "ListRequestedServiceQuotaChangeHistoryByQuota":
                return {"RequestedQuotas": [{"Status": "PENDING"} | each for each in self.asked]}
            case "RequestServiceQuotaIncrease":
                self.asked.append(asked)
                return {"RequestedQuota": asked | {"Status": "PENDING"}}
        raise AssertionError(action)

    def end(self):
        self.server.shutdown()
        self.server.server_close()
