// The host's functions, with settings, a secret and a scripted platform.

import { createHmac, timingSafeEqual } from "node:crypto";

let state;
let lines = [];

/** Sets the host up: the answers of the platform, in their order. */
export function begin({ answers = [], url = "https://shop.example.org/hook", secret = "0123456789abcdef" } = {}) {
  state = { answers: [...answers], url, secret, requests: [] };
}

/** The requests that were made. */
export function requests() {
  return state.requests;
}

/** What was logged since the last look. */
export function logged() {
  return lines.splice(0);
}

export function log(level, message) {
  lines.push(`${level}: ${message}`);
}

/** The signature of a text with the secret. */
export function signature(text) {
  return createHmac("sha256", state.secret).update(text).digest("hex");
}

export function config() {
  return JSON.stringify({ url: state.url, secret: "{{secret:secret}}" });
}

export function hmac(algorithm, name, data) {
  if (name !== "secret") throw new Error(`there is no secret «${name}»`);
  return new Uint8Array(createHmac(algorithm, state.secret).update(data).digest());
}

export function verifyHmac(algorithm, name, data, mac) {
  const right = hmac(algorithm, name, data);
  return right.length === mac.length && timingSafeEqual(right, mac);
}

export function send(request) {
  state.requests.push(request);
  const answer = state.answers.shift();
  if (answer === undefined) throw new Error("a request that no test expects");
  if (answer.error) throw Object.assign(new Error(answer.error.message), { payload: answer.error });
  const { status, headers = [], body = "" } = answer;
  return { status, headers, body: new TextEncoder().encode(body) };
}
