import type { FieldProblem, Problem } from "./types.ts";

/** What went wrong with a call: either the host's problem document or a network that did not answer. */
export class ApiError extends Error {
  override readonly name = "ApiError";
  /** HTTP status, 0 when no answer came. */
  readonly status: number;
  /** The contract's code, or "network" when no answer came. */
  readonly code: string;
  readonly requestId: string | null;
  readonly retryAfterMs: number | null;
  readonly fields: FieldProblem[];

  constructor(problem: Partial<Problem> & { code: string; status: number }) {
    super(problem.detail ?? problem.title ?? problem.code);
    this.status = problem.status;
    this.code = problem.code;
    this.requestId = problem.request_id ?? null;
    this.retryAfterMs = problem.retry_after_ms ?? null;
    this.fields = problem.errors ?? [];
  }

  /** True when the request may never have reached the host, so that repeating it is the right thing. */
  get isNetwork(): boolean {
    return this.code === "network";
  }

  /** True when trying the same again later may succeed. */
  get isTemporary(): boolean {
    return (
      this.isNetwork ||
      this.code === "unavailable" ||
      this.code === "timeout" ||
      this.code === "rate_limited" ||
      this.status === 502
    );
  }

  /** The message for one form field, if the host named it. */
  field(name: string): string | null {
    return this.fields.find((f) => f.field === name)?.message ?? null;
  }
}

/** Reads the problem document of a failed answer; an answer of another kind becomes a problem too. */
export async function errorFromResponse(response: Response): Promise<ApiError> {
  const requestId = response.headers.get("x-request-id") ?? undefined;
  const body: unknown = await response.json().catch(() => null);
  if (body !== null && typeof body === "object" && "code" in body) {
    const problem = body as Problem;
    return new ApiError({
      ...problem,
      status: problem.status ?? response.status,
      request_id: problem.request_id ?? requestId,
    });
  }
  return new ApiError({
    status: response.status,
    code: response.status >= 500 ? "unavailable" : "malformed",
    title: response.statusText || `HTTP ${response.status}`,
    ...(requestId === undefined ? {} : { request_id: requestId }),
  });
}
