"""Fills a fresh host with a little of everything, then lets Schemathesis loose on it.

    run.py URL EMAIL PASSWORD SCHEMATHESIS [ARGUMENTS]

What Schemathesis may do and where it errs is in schemathesis.toml beside this file. Ids that exist are handed to it in the
environment, since it would hardly guess one.
"""

import os
import subprocess
import sys
from pathlib import Path

import requests

HERE = Path(__file__).parent


class Api:
    """The host's API, as its owner."""

    def __init__(self, url, email, password):
        self.url = url
        self.session = requests.Session()
        body = {"email": email, "password": password, "transport": "body"}
        token = self.call("POST", "/auth/sign-in", json=body)["access_token"]
        self.session.headers["Authorization"] = f"Bearer {token}"

    def call(self, method, path, **given):
        answer = self.session.request(method, f"{self.url}/api/v1{path}", **given)
        if not answer.ok:
            raise SystemExit(f"{method} {path}: {answer.status_code} {answer.text}")
        return answer.json() if answer.content else None

    def inbox(self, kind):
        return self.call("POST", "/inboxes", json={"kind": kind, "title": f"A {kind}", "config": {}})["id"]

    def operator(self, name):
        body = {"name": name, "email": f"{name}@example.org", "role": "operator"}
        return self.call("POST", "/operators", json=body)["operator"]["id"]

    def says(self, inbox, peer):
        body = {"peer": peer, "name": peer, "action": "message", "text": "Good morning!"}
        return self.call("POST", f"/inboxes/{inbox}/simulate", json=body)


def seed(api):
    """A little of everything, by the names that the configuration uses."""
    sandbox, widget, channel = api.inbox("sandbox"), api.inbox("widget"), api.inbox("api")
    said = [api.says(sandbox, f"customer-{n}") for n in range(4)]
    conversations = [each["conversation_id"] for each in said]
    customers = [row["id"] for row in api.call("GET", "/customers")["items"]]
    body = {"client_key": "contract-0001", "kind": "reply", "text": "What can we do for you?"}
    answer = api.call("POST", f"/conversations/{conversations[0]}/messages", json=body)
    file = api.call(
        "POST", "/files?name=a.txt", data=b"a text", headers={"Content-Type": "text/plain"}
    )
    return {
        "SANDBOX": sandbox,
        "WIDGET": widget,
        "CHANNEL": channel,
        "CONVERSATION_1": conversations[0],
        "CONVERSATION_2": conversations[1],
        "CONVERSATION_3": conversations[2],
        "CUSTOMER_1": customers[0],
        "CUSTOMER_2": customers[1],
        "MESSAGE_IN": said[0]["message_id"],
        "MESSAGE_OUT": answer["id"],
        "OPERATOR_1": api.operator("boris"),
        "OPERATOR_2": api.operator("clara"),
        "FILE": file["id"],
    }


def main():
    url, email, password, schemathesis, *arguments = sys.argv[1:]
    environment = os.environ | seed(Api(url, email, password)) | {"EMAIL": email, "PASSWORD": password}
    command = [schemathesis, "--config-file", str(HERE / "schemathesis.toml"), "run", *arguments]
    command += ["--url", url, f"{url}/api/openapi.json"]
    sys.exit(subprocess.run(command, env=environment, check=False).returncode)


main()
