"""Makes what a request needs to get anywhere: a conversation to answer in, a session to sign out of, a key to revoke."""

import hashlib
import hmac
import itertools
import json
import re
import time
from datetime import datetime, timedelta, timezone
from pathlib import Path
from urllib.parse import parse_qsl, urlsplit

import httpx

ID = re.compile(r"\b([a-z]+)_[0-9a-f]{32}\b")
PASSWORD = "of no example in the document"
SECRET = "proves-who-sends-a-webhook"
TOKEN = "123456789:AAabcdefghijklmnopqrstuvwxyzABCDEFGHI"
PLUGINS = Path(__file__).parents[4] / "plugins/dist"


class Things:
    """A host as an administrator sees it."""

    def __init__(self, url, access_token):
        self.token = access_token
        # Every id that was ever in an answer.
        self.seen = set()
        self._host = httpx.Client(base_url=url, timeout=60)
        # Names that are taken only once.
        self._numbers = itertools.count(1)

    @classmethod
    def signed_in(cls, url, email, password):
        session = cls(url, None)._sign_in(email, password)
        return cls(url, session["access_token"])

    def ask(self, method, path, **more):
        headers = {"authorization": f"Bearer {self.token}"} if self.token else {}
        headers |= more.pop("headers", {})
        answer = self._host.request(method, path, headers=headers, **more)
        # Every request says who asks; a cookie would say it again.
        self._host.cookies.clear()
        self.seen.update(match.group() for match in ID.finditer(answer.text))
        if answer.is_error:
            raise RuntimeError(f"{method} {path}: {answer.status_code} {answer.text}")
        return answer.json() if answer.content else None

    def _sign_in(self, email, password):
        body = {"email": email, "password": password, "transport": "body"}
        return self.ask("POST", "/api/v1/auth/sign-in", json=body)

    def _name(self, what):
        return f"{what}-{next(self._numbers)}-{time.time_ns()}"

    def inbox(self, kind="sandbox", **config):
        new = {"kind": kind, "title": self._name(kind), "config": config}
        return self.ask("POST", "/api/v1/inboxes", json=new)["id"]

    def api_inbox(self):
        return self.inbox("api", signing_secret=SECRET)

    def conversation(self, inbox):
        """A customer who writes for the first time: ids of the conversation and of the message."""
        chat = self._name("chat")
        said = {"chat": chat, "name": "Boris", "action": "message", "text": "Good morning!"}
        return self.ask("POST", f"/api/v1/inboxes/{inbox}/simulate", json=said)

    def customer(self, inbox):
        conversation = self.conversation(inbox)["conversation_id"]
        return self.ask("GET", f"/api/v1/conversations/{conversation}")["customer"]["id"]

    def note(self, conversation):
        note = {"client_key": self._name("note"), "kind": "note", "text": "Asks about an invoice."}
        return self.ask("POST", f"/api/v1/conversations/{conversation}/messages", json=note)["id"]

    def email(self):
        return f"{self._name('vera')}@example.org"

    def invitation(self):
        """A colleague, and the token with which it comes in."""
        new = {"name": "Vera", "email": self.email(), "role": "admin"}
        made = self.ask("POST", "/api/v1/operators", json=new)
        return made["operator"], made["invite_url"].rsplit("#", 1)[1].rsplit("=", 1)[-1]

    def operator(self):
        return self.invitation()[0]["id"]

    def session(self):
        """A colleague of its own who is signed in: e-mail address and session."""
        operator, token = self.invitation()
        body = {"token": token, "password": PASSWORD, "transport": "body"}
        return operator["email"], self.ask("POST", "/api/v1/auth/invite", json=body)

    def api_key(self):
        new = {"name": self._name("key"), "permissions": ["conversations.read_all"]}
        return self.ask("POST", "/api/v1/api-keys", json=new)["key"]["id"]

    def plugin(self, name, approve=True):
        """Installs a plugin. What it asks for is granted, or waits for a decision if nothing was granted before."""
        headers = {"content-type": "application/wasm"}
        path = f"/api/v1/plugins?approve={str(approve).lower()}"
        return self.ask("POST", path, content=self.plugin_file(name), headers=headers)

    @staticmethod
    def plugin_file(name):
        return (PLUGINS / f"{name}.wasm").read_bytes()

    def waiting_plugin(self, name):
        waits = self.plugin(name, approve=False)
        if not waits["waiting"]:
            # It was granted what it asks for.
            self.ask("DELETE", f"/api/v1/plugins/{name}")
            waits = self.plugin(name, approve=False)
        return waits

    def automation(self):
        new = {"kind": "order-bot", "title": self._name("bot"), "config": {}}
        return self.ask("POST", "/api/v1/automations", json=new)["id"]

    def phrase(self):
        new = {"shortcut": self._name("phrase"), "text": "Good morning!"}
        return self.ask("POST", "/api/v1/phrases", json=new)["id"]

    def tag(self):
        return self.ask("POST", "/api/v1/tags", json={"name": self._name("tag"), "colour": "teal"})["id"]

    def view(self):
        urgent = {"field": "priority", "op": "is", "value": "urgent"}
        return self.ask("POST", "/api/v1/views", json={"name": self._name("view"), "filter": urgent})["id"]

    def role(self):
        new = {"name": self._name("role"), "permissions": ["conversations.read_all"]}
        return self.ask("POST", "/api/v1/roles", json=new)["id"]

    def file(self):
        headers = {"content-type": "text/plain"}
        return self.ask("POST", "/api/v1/files?name=note.txt", content=b"Good morning!", headers=headers)["id"]

    def message(self, **more):
        """What a customer writes, as the API channel delivers it."""
        return json.dumps({"type": "message", "id": self._name("m"), "chat": "boris", "text": "Good morning!", **more})

    @staticmethod
    def signature(body):
        at = str(int(time.time()))
        seal = hmac.new(SECRET.encode(), at.encode() + b"." + body, hashlib.sha256).hexdigest()
        return {"X-Omnichat-Signature": f"t={at},v1={seal}"}

    def deliver(self, inbox, text):
        body = text.encode()
        headers = {"content-type": "application/json", **self.signature(body)}
        self.ask("POST", f"/webhooks/{inbox}", content=body, headers=headers)

    def attachment(self, inbox):
        """One that cannot be fetched, with its message."""
        self.deliver(inbox, self.message(attachments=[{"url": "https://127.0.0.1/invoice.pdf"}]))
        conversation = self.ask("GET", f"/api/v1/conversations?inbox_id={inbox}")["items"][0]["id"]
        messages = self.ask("GET", f"/api/v1/conversations/{conversation}/messages")["items"]
        message = next(message for message in messages if message["attachments"])
        return {"id": message["id"], "attachment": message["attachments"][0]["id"]}

    def platform(self):
        """An inbox whose sender cannot be told what is wrong; nobody listens where it would send."""
        config = {"token": TOKEN, "webhook_secret": SECRET, "mode": "webhook", "base_url": "http://127.0.0.1:9"}
        return self.inbox("telegram", **config)

    def quarantined(self, inbox):
        """A webhook that comes from the platform and says nothing that can be understood."""
        headers = {"x-telegram-bot-api-secret-token": SECRET}
        self.ask("POST", f"/webhooks/{inbox}", content=b"no JSON", headers=headers)
        return self.ask("GET", "/api/v1/quarantine?limit=1")["items"][0]["id"]

    def visitor(self, inbox):
        """The token of somebody who has written already."""
        token = self.ask("POST", f"/widget/v1/{inbox}/session", json={"locale": "en"})["token"]
        hello = {"client_key": self._name("hello"), "text": "Good morning!"}
        headers = {"authorization": f"Bearer {token}"}
        self.ask("POST", f"/widget/v1/{inbox}/messages", json=hello, headers=headers)
        return token

    def visitor_file(self, inbox, token):
        """A file of a visitor, and what the address says that it is read at."""
        headers = {"authorization": f"Bearer {token}", "content-type": "text/plain"}
        path = f"/widget/v1/{inbox}/files?name=note.txt"
        made = self.ask("POST", path, content=b"Good morning!", headers=headers)
        return {"id": made["id"], "query": dict(parse_qsl(urlsplit(made["url"]).query))}

    @staticmethod
    def tomorrow():
        return (datetime.now(timezone.utc) + timedelta(days=1)).strftime("%Y-%m-%dT%H:%M:%SZ")
