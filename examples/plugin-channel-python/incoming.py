"""What the platform posts, as events. The same bytes give the same events."""

import json
import re
from itertools import accumulate
from typing import Any, Dict, List, Optional

from wit_world.exports.channel import Chat, InboundEvent, InboundMessage, Person

from errors import error

# The parser calls itself for each level, and the stack inside of WebAssembly is small.
DEEPEST = 100
MOST_BRACKETS = 10_000
# The last one may lack its end: a pattern that fails would be tried again from every quotation mark.
TEXTS = re.compile(rb'"[^"\\]*+(?:\\.[^"\\]*+)*+"?', re.DOTALL)
NO_BRACKETS = bytes(byte for byte in range(256) if byte not in b"[]{}")


def read(body: bytes) -> Dict[str, Any]:
    """The body of a webhook as an object."""
    if is_deep(body):
        raise error("malformed", "the webhook is too deep")
    try:
        value = json.loads(body.decode())
    except ValueError:
        raise error("malformed", "the webhook is no JSON") from None
    if not isinstance(value, dict):
        raise error("malformed", "the webhook is no object")
    return value


def is_deep(body: bytes) -> bool:
    """Whether its brackets lie deeper in each other than any real webhook's."""
    if body.count(b"[") + body.count(b"{") <= DEEPEST:
        return False
    brackets = TEXTS.sub(b"", body).translate(None, NO_BRACKETS)
    if len(brackets) > MOST_BRACKETS:
        return True
    levels = accumulate(1 if bracket in b"[{" else -1 for bracket in brackets)
    return max(levels, default=0) > DEEPEST


def events(update: Dict[str, Any]) -> List[InboundEvent]:
    """The events of a webhook."""
    one, chat = text(update, "id"), text(update, "from")
    if not one or not chat:
        raise error("malformed", "the webhook lacks «id» or «from»")
    event = InboundEvent(
        kind="message",
        chat=Chat(id=chat, kind="private", title=None, context="", route=[]),
        person=person(update),
        message=None,
        external_ids=[],
        at=None,
        value=None,
        values=[],
        reason=None,
        extra="",
    )
    if "button" in update:
        pressed = text(update, "message")
        event.kind, event.value = "button", text(update, "button")
        event.external_ids = [one, pressed] if pressed else [one]
    else:
        event.message = message(one, text(update, "text"))
    return [event]


def text(update: Dict[str, Any], name: str) -> str:
    """A text of the update; empty if it is not there."""
    value = update.get(name)
    if value is None:
        return ""
    if not isinstance(value, str):
        raise error("malformed", f"«{name}» is no text")
    # Half a pair of UTF-16, which JSON lets through and no text can hold.
    return value.encode("utf-8", "replace").decode()


def person(update: Dict[str, Any]) -> Optional[Person]:
    """Who it is, known by the chat's id on this account."""
    name, locale = text(update, "name"), text(update, "locale") or None
    if not name and not locale:
        return None
    return Person(
        id="",
        scope="inbox",
        claimed=False,
        also=[],
        name=name,
        username=None,
        email=None,
        phone=None,
        locale=locale,
        attributes=[],
    )


def message(external_id: str, text: str) -> InboundMessage:
    return InboundMessage(
        external_id=external_id,
        at=None,
        order=None,
        outgoing=False,
        author_name=None,
        text=text,
        spans=[],
        files=[],
        buttons=[],
        location=None,
        contact=None,
        sticker=None,
        unsupported=None,
        reply_to=None,
        quote=None,
        forwarded_from=None,
        group=None,
        extra="",
    )
