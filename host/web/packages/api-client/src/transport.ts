import { ApiError, errorFromResponse } from "./error.ts";
import type { Answer, Input, Method, Route } from "./routes.ts";
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

interface Extras {
  signal?: AbortSignal | undefined;
  /** Calls of the sign-in family carry no token and are not repeated after a 401. */
  anonymous?: boolean;
}

/** Routes that take nothing need no options. */
type Options<T> = object extends T ? [(T & Extras)?] : [T & Extras];

type Query = Record<string, string | number | boolean | string[] | null | undefined>;

/** What any call has. */
interface Call extends Extras {
  path?: Record<string, string> | undefined;
  query?: Query | undefined;
  body?: unknown;
  /** A body that is no JSON, with its type. */
  bytes?: Blob | undefined;
}

/** Sends JSON calls, repeats one once after the token was renewed, and turns failures into ApiError. */
export class Transport {
  readonly base: string;
  private readonly options: TransportOptions;

  constructor(options: TransportOptions) {
    this.options = options;
    this.base = options.base ?? "/api/v1";
  }

  call<M extends Method, R extends Route<M>>(
    method: M,
    route: R,
    ...options: Options<Input<M, R>>
  ): Promise<Answer<M, R>>;
  async call(method: Method, route: string, options: Call = {}): Promise<unknown> {
    const response = await this.send(method, route, options);
    if (response.status === 401 && options.anonymous !== true && (await this.options.renew())) {
      return read(await this.send(method, route, options));
    }
    return read(response);
  }

  private async send(method: Method, route: string, options: Call): Promise<Response> {
    const headers = new Headers({ accept: "application/json" });
    const token = options.anonymous === true ? null : this.options.token();
    if (token !== null) headers.set("authorization", `Bearer ${token}`);
    if (options.bytes !== undefined) headers.set("content-type", options.bytes.type || "application/octet-stream");
    if (options.body !== undefined) headers.set("content-type", "application/json");
    const body = options.bytes ?? (options.body === undefined ? undefined : JSON.stringify(options.body));
    try {
      return await (this.options.fetch ?? fetch)(this.base + pathOf(route, options.path) + queryString(options.query), {
        method: method.toUpperCase(),
        headers,
        credentials: "same-origin",
        ...(body === undefined ? {} : { body }),
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

/** Puts values in the place of `{names}`. */
function pathOf(route: string, values: Record<string, string> = {}): string {
  return route.replace(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(values[name] ?? ""));
}

/** Leaves out what is empty; lists go with commas between. */
function queryString(query: Query | undefined): string {
  const parameters = new URLSearchParams();
  for (const [name, value] of Object.entries(query ?? {})) {
    const text = String(value ?? "");
    if (text !== "") parameters.set(name, text);
  }
  const text = parameters.toString();
  return text === "" ? "" : `?${text}`;
}
