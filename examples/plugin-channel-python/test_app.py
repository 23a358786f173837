"""The channel as the host calls it, without WebAssembly: `python -m unittest`."""

import json
import unittest
from dataclasses import replace

from fake_host import Host, answer

from componentize_py_types import Err
from wit_world.exports.channel import Action, Outbound, WebhookRequest
from wit_world.imports.types import Button, Contact, Location, PluginError

from app import Channel
from errors import error

CHANNEL = Channel()
GREETING = '{"id":"m-1","from":"77","name":"Customer","locale":"ru","text":"Добрый день 🙂"}'.encode()
MESSAGE = Outbound(
    id="msg_1",
    chat="77",
    route=[],
    author_name="",
    text="On its way",
    spans=[],
    files=[],
    buttons=[],
    location=None,
    contact=None,
    reply_to=None,
    extra="",
)


def webhook(body: bytes, signature: str = "", method: str = "POST") -> WebhookRequest:
    headers = [("x-signature", signature)] if signature else []
    return WebhookRequest(method, "", headers, body, "/webhooks/inbox_1", "https://chat.example.org/webhooks/inbox_1")


class ChannelTest(unittest.TestCase):
    def failure(self, call, *arguments) -> PluginError:
        """The error of the contract with which a call ends."""
        with self.assertRaises(Err) as raised:
            call(*arguments)
        return raised.exception.value

    def test_it_describes_itself_always_the_same(self):
        described = CHANNEL.describe()
        self.assertEqual(described, Channel().describe())
        self.assertTrue(json.loads(described.config_schema)["properties"]["secret"]["x-secret"])

    def test_settings_need_an_address(self):
        CHANNEL.validate_config('{"url":"https://shop.example.org/hook"}')
        for url in ("", "shop.example.org", "ftp://shop.example.org", "https:///hook"):
            with self.subTest(url):
                (issue,) = self.failure(CHANNEL.validate_config, json.dumps({"url": url}))
                self.assertEqual(issue.field, "url")
        for garbage in ("", "null", "[]", '"url"', "[" * 100_000, '{"url":1}', "{}"):
            with self.subTest(garbage[:9]):
                self.assertEqual(len(self.failure(CHANNEL.validate_config, garbage)), 1)
        self.assertEqual(CHANNEL.migrate_config("0.0.1", '{"url":"x"}'), '{"url":"x"}')

    def test_a_signed_webhook_is_taken(self):
        signature = Host().hmac("sha256", "secret", GREETING).hex()
        verdict = CHANNEL.accept_webhook(webhook(GREETING, signature))
        self.assertTrue(verdict.process)
        self.assertEqual(verdict.reply.status, 200)
        error = self.failure(CHANNEL.accept_webhook, webhook(GREETING, signature, "GET"))
        self.assertEqual(error.code, "unauthenticated")

    def test_another_signature_or_none_is_refused(self):
        other = Host().hmac("sha256", "secret", GREETING + b" ").hex()
        for signature in ("", "zz", "00", other):
            with self.subTest(signature):
                error = self.failure(CHANNEL.accept_webhook, webhook(GREETING, signature))
                self.assertEqual(error.code, "unauthenticated")

    def test_a_webhook_becomes_a_message_the_same_each_time(self):
        (event,) = CHANNEL.parse_webhook(webhook(GREETING))
        self.assertEqual((event.kind, event.chat.id), ("message", "77"))
        self.assertEqual((event.person.name, event.person.locale), ("Customer", "ru"))
        self.assertEqual((event.message.external_id, event.message.text), ("m-1", "Добрый день 🙂"))
        self.assertEqual(CHANNEL.parse_webhook(webhook(GREETING)), [event])

    def test_a_pressed_button_has_the_id_of_the_press_then_of_the_message(self):
        body = b'{"id":"p-1","from":"77","button":"yes","message":"r-9"}'
        (event,) = CHANNEL.parse_webhook(webhook(body))
        self.assertEqual((event.kind, event.value, event.external_ids), ("button", "yes", ["p-1", "r-9"]))
        self.assertIsNone(event.message)

    def test_what_cannot_be_read_is_said_to_be_malformed(self):
        bodies = ["", "{", "[]", "null", "7", "{}", '{"id":"1"}', '{"id":1,"from":"77"}', '{"id":"1","from":"2","text":{}}']
        for body in [body.encode() for body in bodies] + [b'"\xff"', b"[" * 100_000]:
            with self.subTest(body[:40]):
                self.assertEqual(self.failure(CHANNEL.parse_webhook, webhook(body)).code, "malformed")

    def test_depth_is_limited_and_brackets_in_texts_do_not_count(self):
        def nested(depth):
            return b'{"id":"1","from":"2","more":' + b"[" * depth + b"]" * depth + b"}"

        CHANNEL.parse_webhook(webhook(nested(99)))
        for body in (nested(100), b'{"x":' * 101 + b"1" + b"}" * 101, b"[" + b"[]," * 10_000):
            self.assertIn("too deep", self.failure(CHANNEL.parse_webhook, webhook(body)).message)
        (event,) = CHANNEL.parse_webhook(webhook(b'{"id":"1","from":"2","text":"\\"' + b"[{" * 5_000 + b'"}'))
        self.assertEqual(len(event.message.text), 10_001)

    def test_half_a_pair_of_utf_16_is_replaced(self):
        (event,) = CHANNEL.parse_webhook(webhook(b'{"id":"1","from":"2","text":"a\\ud83d"}'))
        self.assertEqual(event.message.text, "a?")

    def test_a_message_is_posted_signed_with_its_id(self):
        host = Host(answer(200, '{"id":"r-9"}'))
        buttons = [[Button("Yes", "reply", "yes"), Button("Site", "url", "https://example.org")]]
        self.assertEqual(CHANNEL.send(replace(MESSAGE, buttons=buttons)).external_ids, ["r-9"])
        (request,) = host.requests
        body = request.body.value.value
        wanted = {
            "type": "message",
            "id": "msg_1",
            "to": "77",
            "text": "On its way",
            "buttons": [[{"text": "Yes", "data": "yes"}, {"text": "Site", "url": "https://example.org"}]],
        }
        self.assertEqual(json.loads(body), wanted)
        self.assertEqual(request.url, "https://shop.example.org/hook")
        self.assertIn(("x-signature", host.hmac("sha256", "secret", body).hex()), request.headers)

    def test_a_message_that_is_taken_without_an_id_keeps_its_own(self):
        for body in ("", "ok", "{}", "null", '{"id":7}'):
            with self.subTest(body):
                Host(answer(202, body))
                self.assertEqual(CHANNEL.send(MESSAGE).external_ids, ["msg_1"])

    def test_refusals_are_classed(self):
        for status, code, retryable, not_sent in (
            (301, "account-broken", False, True),
            (400, "rejected", False, True),
            (401, "account-broken", False, True),
            (403, "account-broken", False, True),
            (404, "unreachable", False, True),
            (408, "timeout", True, False),
            (413, "too-large", False, True),
            (429, "rate-limited", True, True),
            (500, "unavailable", True, False),
            (503, "unavailable", True, False),
        ):
            with self.subTest(status):
                Host(answer(status, retry_after="7"))
                error = self.failure(CHANNEL.send, MESSAGE)
                self.assertEqual((error.code, error.retryable, error.not_sent), (code, retryable, not_sent))
                waits = code in ("rate-limited", "unavailable")
                self.assertEqual(error.retry_after_ms, 7000 if waits else None)

    def test_what_the_host_says_of_the_network_is_passed_on(self):
        Host(error("unavailable", "cannot connect", not_sent=True))
        self.assertEqual(self.failure(CHANNEL.send, MESSAGE).message, "cannot connect")

    def test_what_it_cannot_send_it_refuses_before_anything_is_posted(self):
        host = Host()
        for change in (
            {"files": [None]},
            {"location": Location(1.0, 2.0, None, None)},
            {"contact": Contact("x", "1")},
            {"buttons": [[Button("x", "contact", None)]]},
        ):
            error = self.failure(CHANNEL.send, replace(MESSAGE, **change))
            self.assertEqual((error.code, error.not_sent), ("rejected", True))
        typing = Action("typing", "77", [], [], "", [], [], False, None, "")
        self.assertEqual(self.failure(CHANNEL.perform, typing).code, "rejected")
        self.assertEqual(self.failure(CHANNEL.poll, None).code, "rejected")
        self.assertEqual(self.failure(CHANNEL.resolve_media, "x").code, "not-found")
        self.assertEqual(host.requests, [])

    def test_the_settings_are_tried_with_a_ping(self):
        host = Host(answer(200, '{"id":"a1","name":"Shop"}'), answer(204))
        info = CHANNEL.check()
        self.assertEqual((info.id, info.name), ("a1", "Shop"))
        self.assertEqual(CHANNEL.check().id, "https://shop.example.org/hook")
        self.assertEqual(host.requests[0].body.value.value, b'{"type":"ping"}')


if __name__ == "__main__":
    unittest.main()
