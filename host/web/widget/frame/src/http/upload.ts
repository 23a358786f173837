/** Sends one file and tells how far it is; `fetch` cannot tell. */
import type { StoredFile } from "../wire.ts";
import { Problem, problemFrom } from "./problem.ts";

export interface Sending {
  done: Promise<StoredFile>;
  cancel(): void;
}

/** `progress` gets 0 to 1. `done` rejects with `Problem`; after `cancel` its code is `cancelled`. */
export function sendFile(url: string, token: string, file: Blob, progress: (part: number) => void): Sending {
  const request = new XMLHttpRequest();
  const done = new Promise<StoredFile>((resolve, reject) => {
    request.open("POST", url);
    request.setRequestHeader("authorization", `Bearer ${token}`);
    request.setRequestHeader("content-type", file.type || "application/octet-stream");
    request.upload.onprogress = (event) => {
      if (event.lengthComputable && event.total > 0) progress(event.loaded / event.total);
    };
    request.onload = () => {
      if (request.status < 200 || request.status > 299) return reject(problemFrom(request.status, request.responseText));
      try {
        resolve(JSON.parse(request.responseText) as StoredFile);
      } catch {
        reject(problemFrom(502, ""));
      }
    };
    request.onerror = () => reject(new Problem("offline", 0, ""));
    request.onabort = () => reject(new Problem("cancelled", 0, ""));
    request.send(file);
  });
  return { done, cancel: () => request.abort() };
}
