// Why a call failed: the code decides what the host does next.

import { log } from "omnichat:plugin/host-env@0.1.0";

/** An error that the host understands. `notSent`: surely without an effect, so that trying again doubles nothing. */
export class PluginError extends Error {
  constructor(code, message, { notSent = false, retryAfterMs } = {}) {
    super(message);
    const retryable = ["rate-limited", "unavailable", "timeout"].includes(code);
    // What the contract calls a plugin-error.
    this.payload = { code, message, retryable, retryAfterMs, notSent, details: undefined };
  }
}

/** The same functions. What one throws that is no error of the contract is a mistake: the host sees it in the plugin's log. */
export function told(functions) {
  const tell = ([name, call]) => [
    name,
    (...input) => {
      try {
        return call(...input);
      } catch (error) {
        if (error instanceof Error && !error.payload) log("error", `panicked at ${name}: ${error}\n${error.stack}`, "{}");
        throw error;
      }
    },
  ];
  return Object.fromEntries(Object.entries(functions).map(tell));
}

/** The error that an answer of the platform stands for; nothing if it is a good one. */
export function refusal({ status, headers }) {
  if (status >= 200 && status < 300) return undefined;
  const error = (code, message, notSent) => new PluginError(code, message, { notSent, retryAfterMs: pause(code, headers) });
  switch (status) {
    case 401:
    case 403:
      return error("account-broken", "the server does not accept the signature", true);
    case 404:
    case 410:
      return error("unreachable", "the server does not know this customer", true);
    case 408:
      return error("timeout", "the server took too long", false);
    case 413:
      return error("too-large", "the message is too large for the server", true);
    case 429:
      return error("rate-limited", "the server asks for fewer messages", true);
    default:
      if (status >= 500) return error("unavailable", `the server is out of order (${status})`, false);
      if (status >= 300 && status < 400) return error("account-broken", "the server has moved: change the address", true);
      return error("rejected", `the server refused the message (${status})`, true);
  }
}

/** How long the platform wants to be left alone, if it says so: a number of seconds. */
function pause(code, headers) {
  if (code !== "rate-limited" && code !== "unavailable") return undefined;
  const value = headers.find(([name]) => name === "retry-after")?.[1].trim() ?? "";
  return /^\d{1,6}$/.test(value) ? BigInt(value) * 1000n : undefined;
}
