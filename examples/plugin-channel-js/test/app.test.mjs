import assert from "node:assert/strict";
import { test } from "node:test";
import { channel } from "../src/app.js";
import { told } from "../src/errors.js";
import { begin, logged, requests, signature } from "./fake-host.mjs";

const bytes = (text) => new TextEncoder().encode(text);
const webhook = (body, headers = [], method = "POST") => ({
  method,
  query: "",
  headers,
  body: bytes(body),
  path: "/webhooks/inbox_1",
  address: "https://chat.example.org/webhooks/inbox_1",
});
const outbound = (change = {}) => ({
  id: "msg_1",
  chat: "77",
  route: [],
  authorName: "",
  text: "On its way",
  spans: [],
  files: [],
  buttons: [],
  location: undefined,
  contact: undefined,
  replyTo: undefined,
  extra: "",
  ...change,
});

/** The error of the contract with which a call ends. */
function failure(call) {
  try {
    call();
  } catch (error) {
    assert.ok(error.payload, `no error of the contract: ${error.stack}`);
    return error.payload;
  }
  throw new assert.AssertionError({ message: "it went well" });
}

const GREETING = '{"id":"m-1","from":"77","name":"Customer","locale":"ru","text":"Добрый день 🙂"}';

test("it describes itself, always the same", () => {
  const described = channel.describe();
  assert.deepEqual(described, channel.describe());
  const { properties } = JSON.parse(described.configSchema);
  assert.equal(properties.secret["x-secret"], true);
});

test("settings need an address", () => {
  assert.equal(channel.validateConfig('{"url":"https://shop.example.org/hook"}'), undefined);
  for (const url of ["", "shop.example.org", "ftp://shop.example.org", "https:///hook"]) {
    assert.throws(() => channel.validateConfig(JSON.stringify({ url })), (issues) => issues[0].field === "url");
  }
  assert.equal(channel.migrateConfig("0.0.1", '{"url":"x"}'), '{"url":"x"}');
});

test("a signed webhook is taken", () => {
  begin();
  const verdict = channel.acceptWebhook(webhook(GREETING, [["x-signature", signature(GREETING)]]));
  assert.equal(verdict.process, true);
  assert.equal(verdict.reply.status, 200);
});

test("another signature, none, or no signature at all is refused", () => {
  begin();
  const other = signature(GREETING + " ");
  for (const headers of [[], [["x-signature", ""]], [["x-signature", "zz"]], [["x-signature", other]]]) {
    assert.equal(failure(() => channel.acceptWebhook(webhook(GREETING, headers))).code, "unauthenticated");
  }
  const get = webhook(GREETING, [["x-signature", signature(GREETING)]], "GET");
  assert.equal(failure(() => channel.acceptWebhook(get)).code, "unauthenticated");
});

test("a webhook becomes a message, the same each time", () => {
  const [event, ...more] = channel.parseWebhook(webhook(GREETING));
  assert.deepEqual(more, []);
  assert.equal(event.kind, "message");
  assert.equal(event.chat.id, "77");
  assert.equal(event.person.name, "Customer");
  assert.equal(event.person.locale, "ru");
  assert.equal(event.message.externalId, "m-1");
  assert.equal(event.message.text, "Добрый день 🙂");
  assert.deepEqual(channel.parseWebhook(webhook(GREETING)), [event]);
});

test("a pressed button has the id of the press, then of the message", () => {
  const [event] = channel.parseWebhook(webhook('{"id":"p-1","from":"77","button":"yes","message":"r-9"}'));
  assert.equal(event.kind, "button");
  assert.equal(event.value, "yes");
  assert.deepEqual(event.externalIds, ["p-1", "r-9"]);
  assert.equal(event.message, undefined);
});

test("what cannot be read is said to be malformed", () => {
  for (const body of ["", "{", "[]", "null", "7", "{}", '{"id":"1"}', '{"id":1,"from":"77"}', '{"id":"1","from":"2","text":{}}']) {
    assert.equal(failure(() => channel.parseWebhook(webhook(body))).code, "malformed", body);
  }
  assert.equal(failure(() => channel.parseWebhook({ ...webhook(""), body: Uint8Array.of(0x22, 0xff, 0x22) })).code, "malformed");
});

test("a message is posted, signed, with its id", () => {
  begin({ answers: [{ status: 200, body: '{"id":"r-9"}' }] });
  const buttons = [[{ text: "Yes", kind: "reply", value: "yes" }, { text: "Site", kind: "url", value: "https://example.org" }]];
  assert.deepEqual(channel.send(outbound({ buttons })).externalIds, ["r-9"]);
  const [request] = requests();
  const body = new TextDecoder().decode(request.body.val.val);
  assert.deepEqual(JSON.parse(body), {
    type: "message",
    id: "msg_1",
    to: "77",
    text: "On its way",
    buttons: [[{ text: "Yes", data: "yes" }, { text: "Site", url: "https://example.org" }]],
  });
  assert.equal(request.url, "https://shop.example.org/hook");
  assert.deepEqual(request.headers.find(([name]) => name === "x-signature"), ["x-signature", signature(body)]);
});

test("a message that is taken without an id keeps its own", () => {
  for (const body of ["", "ok", "{}", "null", '{"id":7}']) {
    begin({ answers: [{ status: 202, body }] });
    assert.deepEqual(channel.send(outbound()).externalIds, ["msg_1"], body);
  }
});

test("refusals are classed", () => {
  for (const [status, code, retryable, notSent] of [
    [301, "account-broken", false, true],
    [400, "rejected", false, true],
    [401, "account-broken", false, true],
    [403, "account-broken", false, true],
    [404, "unreachable", false, true],
    [408, "timeout", true, false],
    [413, "too-large", false, true],
    [429, "rate-limited", true, true],
    [500, "unavailable", true, false],
    [503, "unavailable", true, false],
  ]) {
    begin({ answers: [{ status, headers: [["retry-after", "7"]] }] });
    const error = failure(() => channel.send(outbound()));
    assert.deepEqual([error.code, error.retryable, error.notSent], [code, retryable, notSent], String(status));
    const waits = code === "rate-limited" || code === "unavailable";
    assert.equal(error.retryAfterMs, waits ? 7000n : undefined, String(status));
  }
});

test("what the host says of the network is passed on", () => {
  begin({ answers: [{ error: { code: "unavailable", message: "cannot connect", notSent: true } }] });
  assert.equal(failure(() => channel.send(outbound())).message, "cannot connect");
});

test("what it cannot send it refuses before anything is posted", () => {
  begin();
  for (const change of [
    { files: [{}] },
    { location: { latitude: 1, longitude: 2 } },
    { contact: { name: "x", phone: "1" } },
    { buttons: [[{ text: "x", kind: "contact" }]] },
  ]) {
    const { code, notSent } = failure(() => channel.send(outbound(change)));
    assert.deepEqual([code, notSent], ["rejected", true]);
  }
  assert.equal(failure(() => channel.poll()).code, "rejected");
  assert.equal(failure(() => channel.perform({ kind: "typing" })).code, "rejected");
  assert.equal(failure(() => channel.resolveMedia("x")).code, "not-found");
  assert.deepEqual(requests(), []);
});

test("the settings are tried with a ping", () => {
  begin({ answers: [{ status: 200, body: '{"id":"a1","name":"Shop"}' }, { status: 204 }] });
  assert.deepEqual(channel.check(), { id: "a1", name: "Shop", url: undefined });
  assert.equal(channel.check().id, "https://shop.example.org/hook");
  assert.equal(new TextDecoder().decode(requests()[0].body.val.val), '{"type":"ping"}');
});

test("a mistake is told in the log, an error of the contract is not", () => {
  const broken = told({
    send() {
      return undefined.text;
    },
  });
  logged();
  assert.throws(() => broken.send(), TypeError);
  assert.match(logged().join("\n"), /^error: panicked at send: TypeError: .*text/);
  failure(() => channel.poll());
  assert.deepEqual(logged(), []);
});
