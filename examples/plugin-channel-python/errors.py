"""Why a call failed: the code decides what the host does next."""

from typing import Optional

from componentize_py_types import Err
from wit_world.imports.types import HttpResponse, PluginError


def error(code: str, message: str, *, not_sent: bool = False, retry_after_ms: Optional[int] = None) -> Err:
    """An error to be raised. `not_sent`: surely without an effect, so that trying again doubles nothing."""
    retryable = code in ("rate-limited", "unavailable", "timeout")
    return Err(PluginError(code, message, retryable, retry_after_ms, not_sent, None))


def refusal(answer: HttpResponse) -> Optional[Err]:
    """The error that an answer of the platform stands for; nothing if it is a good one."""
    status = answer.status
    if 200 <= status < 300:
        return None
    if 300 <= status < 400:
        return error("account-broken", "the server has moved: change the address", not_sent=True)
    if status in (401, 403):
        return error("account-broken", "the server does not accept the signature", not_sent=True)
    if status in (404, 410):
        return error("unreachable", "the server does not know this customer", not_sent=True)
    if status == 408:
        return error("timeout", "the server took too long")
    if status == 413:
        return error("too-large", "the message is too large for the server", not_sent=True)
    if status == 429:
        message = "the server asks for fewer messages"
        return error("rate-limited", message, not_sent=True, retry_after_ms=pause(answer))
    if status >= 500:
        return error("unavailable", f"the server is out of order ({status})", retry_after_ms=pause(answer))
    return error("rejected", f"the server refused the message ({status})", not_sent=True)


def pause(answer: HttpResponse) -> Optional[int]:
    """How long the platform wants to be left alone, if it says so: a number of seconds."""
    value = dict(answer.headers).get("retry-after", "").strip()
    return int(value) * 1000 if value.isascii() and value.isdigit() and len(value) <= 6 else None
