/** Files that the visitor chose and has not sent with a message yet. */
import { signal, type Signal } from "@preact/signals";
import type { Api } from "../http/api.ts";
import { Problem } from "../http/problem.ts";
import { sendFile, type Sending } from "../http/upload.ts";
import type { StoredFile } from "../wire.ts";
import { newKey } from "./keys.ts";
import type { Session } from "./session.ts";

export interface Upload {
  key: string;
  file: File;
  /** A local address to show an image by; empty for other files. */
  preview: string;
  /** 0 to 1. */
  progress: number;
  /** The host's file once it is stored. */
  stored: StoredFile | null;
  /** Why it is not: the problem's code. */
  error: string | null;
}

/** As many as a message may carry. */
export const MOST_FILES = 10;

export class Uploads {
  readonly list: Signal<Upload[]> = signal([]);
  private readonly running = new Map<string, Sending>();

  constructor(
    private readonly api: Api,
    private readonly session: Session,
    /** Bytes; no limit is known before the configuration came. */
    private readonly limit: () => number,
  ) {}

  add(files: Iterable<File>): void {
    for (const file of files) {
      if (this.list.value.length >= MOST_FILES) return;
      const error = file.size > this.limit() ? "too_large" : file.size === 0 ? "empty" : null;
      const preview = file.type.startsWith("image/") && !error ? URL.createObjectURL(file) : "";
      const upload: Upload = { key: newKey(), file, preview, progress: 0, stored: null, error };
      this.list.value = [...this.list.value, upload];
      if (!error) void this.send(upload);
    }
  }

  /** Tries a failed file again. */
  retry(key: string): void {
    const upload = this.list.value.find((held) => held.key === key);
    if (!upload) return;
    this.change(key, { error: null, progress: 0 });
    void this.send(upload);
  }

  /** Tries again what failed only because the host was out of reach. */
  retryLost(): void {
    for (const upload of this.list.value) if (upload.error === "offline") this.retry(upload.key);
  }

  remove(key: string): void {
    this.running.get(key)?.cancel();
    for (const upload of this.list.value) if (upload.key === key && upload.preview) URL.revokeObjectURL(upload.preview);
    this.list.value = this.list.value.filter((upload) => upload.key !== key);
  }

  /** Hands over what is stored and empties the list; files that failed stay for the visitor to see. */
  take(): StoredFile[] {
    const stored = this.list.value.flatMap((upload) => (upload.stored ? [upload.stored] : []));
    for (const upload of this.list.value) if (upload.stored) this.remove(upload.key);
    return stored;
  }

  private async send(upload: Upload): Promise<void> {
    const { key, file } = upload;
    try {
      const stored = await this.session.withToken((token) => {
        const sending = sendFile(this.api.uploadUrl(file.name), token, file, (progress) => this.change(key, { progress }));
        this.running.set(key, sending);
        return sending.done;
      });
      this.change(key, { stored, progress: 1 });
    } catch (error) {
      this.change(key, { error: error instanceof Problem ? error.code : "internal" });
    } finally {
      this.running.delete(key);
    }
  }

  private change(key: string, part: Partial<Upload>): void {
    this.list.value = this.list.value.map((upload) => (upload.key === key ? { ...upload, ...part } : upload));
  }
}
