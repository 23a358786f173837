/** A call that did not succeed: the host's problem document, or that the host could not be reached. */
export class Problem extends Error {
  constructor(
    /** The host's code (`rate_limited`, `too_large` …) or `offline` when there was no answer. */
    readonly code: string,
    /** HTTP status; 0 without an answer. */
    readonly status: number,
    readonly detail: string,
    readonly requestId: string | null = null,
    readonly retryAfterMs: number | null = null,
    /** The names of the wrong fields. */
    readonly fields: readonly string[] = [],
  ) {
    super(detail || code);
    this.name = "Problem";
  }

  /** True when the same call may succeed later without being changed. */
  get passing(): boolean {
    return this.status === 0 || this.status === 408 || this.status === 429 || this.status >= 500;
  }
}

/** Reads a problem out of an answer's body; any other body makes a problem of the status alone. */
export function problemFrom(status: number, body: string, retryAfter: string | null = null): Problem {
  let document: Record<string, unknown> = {};
  try {
    const parsed: unknown = JSON.parse(body);
    if (typeof parsed === "object" && parsed) document = parsed as Record<string, unknown>;
  } catch {
    // A proxy's own error page: the status says enough.
  }
  const text = (value: unknown): string => (typeof value === "string" ? value : "");
  const seconds = Number(retryAfter);
  const wait = typeof document.retry_after_ms === "number" ? document.retry_after_ms : retryAfter && seconds >= 0 ? seconds * 1000 : null;
  return new Problem(
    text(document.code) || `http_${status}`,
    status,
    text(document.detail) || text(document.title),
    text(document.request_id) || null,
    wait,
    Array.isArray(document.errors) ? document.errors.map((error: { field?: unknown } | null) => text(error?.field)) : [],
  );
}
