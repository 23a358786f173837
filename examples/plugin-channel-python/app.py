"""Pigeonhole: a channel of OmniChat.

The platform posts JSON with the header `x-signature` (HMAC-SHA256 of the body in hex), and takes messages as JSON at the
address in the settings, signed likewise; guide.py says what stands in them. Change it into what your platform does.
"""

import json
from typing import Any, List, Optional

from componentize_py_types import Err
from wit_world import exports
from wit_world.exports.channel import (
    Action,
    InboundEvent,
    Outbound,
    PollBatch,
    Receipt,
    WebhookReply,
    WebhookRequest,
    WebhookVerdict,
)
from wit_world.imports import host_crypto, host_env, host_http
from wit_world.imports.types import (
    AccountInfo,
    Body_Whole,
    Button,
    ConfigIssue,
    Content_Bytes,
    Descriptor,
    HttpRequest,
    Limit,
)

from errors import error, refusal
from guide import GUIDE
from incoming import events, is_deep, read

# The settings; their schema becomes the form that an administrator fills in.
SETTINGS = {
    "type": "object",
    "required": ["url", "secret"],
    "properties": {
        "url": {
            "type": "string",
            "format": "uri",
            "title": "Address",
            "description": "Messages are posted here.",
            "x-order": 1,
            "x-i18n": {"ru": {"title": "Адрес", "description": "Сюда отправляются сообщения."}},
        },
        "secret": {
            "type": "string",
            "minLength": 16,
            "title": "Secret",
            "description": "Signs what is posted in both directions.",
            "x-secret": True,
            "x-order": 2,
            "x-i18n": {"ru": {"title": "Секрет", "description": "Подписывает всё, что отправляется в обе стороны."}},
        },
    },
}


class Channel(exports.Channel):
    """What the host calls."""

    def describe(self) -> Descriptor:
        """What it is. Pure: nothing of the host may be called."""
        return Descriptor(
            id="pigeonhole",
            version="0.1.0",
            title="Pigeonhole",
            summary="Says in one sentence what it connects.",
            config_schema=json.dumps(SETTINGS),
            capabilities=["webhook", "idempotent-send", "buttons"],
            limits=[
                Limit("text", 4000),
                Limit("button-rows", 10),
                Limit("buttons-per-row", 4),
                Limit("button-data", 256),
            ],
            docs=GUIDE,
            extra="",
            app=None,
        )

    def validate_config(self, config: str) -> None:
        """Finds what the schema cannot express."""
        try:
            given = None if is_deep(config.encode()) else json.loads(config)
        except ValueError:
            given = None
        if not isinstance(given, dict):
            raise Err([ConfigIssue("", "type", "settings are an object")])
        url = given.get("url")
        rest = url.removeprefix("https://").removeprefix("http://") if isinstance(url, str) else ""
        if rest == url or rest[:1] in ("", "/", "?", "#"):
            message = "this must be an address that begins with https:// or http://"
            raise Err([ConfigIssue("url", "format", message)])

    def migrate_config(self, from_version: str, config: str) -> str:
        """Settings of an earlier version, for this one."""
        return config

    def check(self) -> AccountInfo:
        """Asks the platform whether the settings work."""
        answer = post({"type": "ping"})
        return AccountInfo(
            id=text_of(answer, "id") or settings()["url"],
            name=text_of(answer, "name") or "Pigeonhole",
            url=text_of(answer, "url"),
        )

    def accept_webhook(self, request: WebhookRequest) -> WebhookVerdict:
        """Checks the signature. Fast; no network, no store."""
        mac = from_hex(dict(request.headers).get("x-signature", ""))
        # The secret is named, never seen: the host computes.
        if request.method != "POST" or not mac or not host_crypto.verify_hmac("sha256", "secret", request.body, mac):
            raise error("unauthenticated", "the signature is missing or wrong")
        return WebhookVerdict(process=True, reply=WebhookReply(200, "text/plain", b""))

    def addressed(self, request: WebhookRequest) -> List[str]:
        """Only for platforms where one app brings the webhooks of many accounts."""
        return []

    def parse_webhook(self, request: WebhookRequest) -> List[InboundEvent]:
        """Turns bytes into events. Pure."""
        return events(read(request.body))

    def poll(self, cursor: Optional[str]) -> PollBatch:
        """Only for platforms that are asked for news."""
        raise error("rejected", "this channel does not poll", not_sent=True)

    def send(self, message: Outbound) -> Receipt:
        """Sends a message; returns when the platform has taken it."""
        if message.files or message.location or message.contact:
            raise error("rejected", "this channel sends texts and buttons only", not_sent=True)
        answer = post(
            {
                "type": "message",
                # The same on every try, so that the platform can recognise a repetition.
                "id": message.id,
                "to": message.chat,
                "text": message.text,
                "buttons": [[button(one) for one in row] for row in message.buttons],
            }
        )
        return Receipt(external_ids=[text_of(answer, "id") or message.id], at=None, new_chat=None)

    def perform(self, action: Action) -> None:
        """Typing, edits, deletions and such: none of them here."""
        raise error("rejected", f"this channel does not support {action.kind}", not_sent=True)

    def resolve_media(self, remote: str) -> HttpRequest:
        """The request that fetches a file of a customer: there are none."""
        raise error("not-found", "this channel has no files", not_sent=True)


def settings() -> Any:
    return json.loads(host_env.config())


def post(document: Any) -> Any:
    """Posts a signed document; gives the answer's."""
    body = json.dumps(document, ensure_ascii=False, separators=(",", ":")).encode()
    answer = host_http.send(
        HttpRequest(
            method="POST",
            url=settings()["url"],
            headers=[
                ("content-type", "application/json"),
                ("x-signature", host_crypto.hmac("sha256", "secret", body).hex()),
            ],
            body=Body_Whole(Content_Bytes(body)),
            timeout_ms=None,
        )
    )
    refused = refusal(answer)
    if refused:
        raise refused
    try:
        return json.loads(answer.body)
    except ValueError:
        # The message is taken, whatever the answer says about it.
        return None


def button(one: Button) -> Any:
    if one.kind == "reply":
        return {"text": one.text, "data": one.value}
    if one.kind == "url":
        return {"text": one.text, "url": one.value}
    raise error("rejected", f"this channel has no buttons of the kind {one.kind}", not_sent=True)


def text_of(document: Any, name: str) -> Optional[str]:
    """A text that is not empty."""
    value = document.get(name) if isinstance(document, dict) else None
    return value if isinstance(value, str) and value else None


def from_hex(text: str) -> Optional[bytes]:
    try:
        return bytes.fromhex(text)
    except ValueError:
        return None
