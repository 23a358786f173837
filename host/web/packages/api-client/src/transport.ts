import { ApiError, errorFromResponse } from "./error.ts";
import type { StoredFile } from "./types.ts";

export interface TransportOptions {
  /** Prefix of every path, "/api/v1" by default. */
  base?: string;
  /** The current access token, or null when nobody is signed in. */
  token: () => string | null;
  /** Obtains a fresh token after a 401; answers false when the session is over. */
  renew: () => Promise<boolean>;
  fetch?: typeof fetch;
}

type Query = Record<string, string | number | boolean | null | undefined>;

export interface CallOptions {
  query?: Query;
  body?: unknown;
  signal?: AbortSignal | undefined;
  /** Calls of the sign-in family carry no token and are not repeated after a 401. */
  anonymous?: boolean;
}

/** Sends JSON calls, repeats one once after the token was renewed, and turns failures into ApiError. */
export class Transport {
  readonly base: string;
  private readonly options: TransportOptions;

  constructor(options: TransportOptions) {
    this.options = options;
    this.base = options.base ?? "/api/v1";
  }

  async call<T>(method: string, path: string, options: CallOptions = {}): Promise<T> {
    const response = await this.send(method, path, options);
    if (response.status === 401 && options.anonymous !== true && (await this.options.renew())) {
      return read<T>(await this.send(method, path, options));
    }
    return read<T>(response);
  }

  private async send(method: string, path: string, options: CallOptions): Promise<Response> {
    const headers = new Headers({ accept: "application/json" });
    const token = options.anonymous === true ? null : this.options.token();
    if (token !== null) headers.set("authorization", `Bearer ${token}`);
    if (options.body !== undefined) headers.set("content-type", "application/json");
    try {
      return await (this.options.fetch ?? fetch)(this.base + path + queryString(options.query), {
        method,
        headers,
        credentials: "same-origin",
        ...(options.body === undefined ? {} : { body: JSON.stringify(options.body) }),
        ...(options.signal === undefined ? {} : { signal: options.signal }),
      });
    } catch (cause) {
      if (options.signal?.aborted === true) throw cause;
      throw new ApiError({ status: 0, code: "network", title: "The host did not answer" });
    }
  }

  /** Uploads one file; XMLHttpRequest because fetch reports no progress of what it sends. */
  async upload(
    file: File,
    onProgress: (fraction: number) => void,
    signal?: AbortSignal,
  ): Promise<StoredFile> {
    try {
      return await this.uploadOnce(file, onProgress, signal);
    } catch (error) {
      if (error instanceof ApiError && error.status === 401 && (await this.options.renew())) {
        return this.uploadOnce(file, onProgress, signal);
      }
      throw error;
    }
  }

  private uploadOnce(
    file: File,
    onProgress: (fraction: number) => void,
    signal?: AbortSignal,
  ): Promise<StoredFile> {
    return new Promise((resolve, reject) => {
      const request = new XMLHttpRequest();
      request.open("POST", `${this.base}/files${queryString({ name: file.name })}`);
      request.responseType = "text";
      request.setRequestHeader("content-type", file.type || "application/octet-stream");
      const token = this.options.token();
      if (token !== null) request.setRequestHeader("authorization", `Bearer ${token}`);
      request.upload.onprogress = (e) => {
        if (e.lengthComputable && e.total > 0) onProgress(e.loaded / e.total);
      };
      request.onerror = () =>
        reject(new ApiError({ status: 0, code: "network", title: "The host did not answer" }));
      request.onabort = () => reject(new DOMException("Upload cancelled", "AbortError"));
      request.onload = () => {
        const response = new Response(request.responseText || null, {
          status: request.status,
          statusText: request.statusText,
          headers: { "content-type": "application/json" },
        });
        read<StoredFile>(response).then(resolve, reject);
      };
      signal?.addEventListener("abort", () => request.abort(), { once: true });
      request.send(file);
    });
  }
}

async function read<T>(response: Response): Promise<T> {
  if (!response.ok) throw await errorFromResponse(response);
  if (response.status === 204) return undefined as T;
  return (await response.json()) as T;
}

function queryString(query: Query | undefined): string {
  const parameters = new URLSearchParams();
  for (const [name, value] of Object.entries(query ?? {})) {
    if (value !== undefined && value !== null && value !== "") parameters.set(name, String(value));
  }
  const text = parameters.toString();
  return text === "" ? "" : `?${text}`;
}
