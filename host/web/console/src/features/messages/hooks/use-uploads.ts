import { ApiError } from "@omnichat/api-client/error";
import type { Capabilities, StoredFile } from "@omnichat/api-client/types";
import { useCallback, useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { api } from "~/lib/api.ts";
import { fileSize } from "~/lib/size.ts";
import { describe, notifyError } from "~/lib/toasts.ts";
import { refusal, type Refusal } from "../attachments-allowed.ts";

export interface Upload {
  key: number;
  file: File;
  /** An address of the local file for its preview, pictures only. */
  preview: string | null;
  progress: number;
  stored: StoredFile | null;
  error: string | null;
}

let nextKey = 1;

/** Files on their way into a message; a null `capabilities` (a note) takes any file. */
export function useUploads(capabilities: Capabilities | null) {
  const { t } = useTranslation();
  const [uploads, setUploads] = useState<Upload[]>([]);
  const cancels = useRef(new Map<number, AbortController>());
  const latest = useRef(uploads);
  latest.current = uploads;

  const patch = useCallback((key: number, over: Partial<Upload>) => {
    setUploads((list) => list.map((u) => (u.key === key ? { ...u, ...over } : u)));
  }, []);

  const start = useCallback(
    (key: number, file: File) => {
      const cancel = new AbortController();
      cancels.current.set(key, cancel);
      patch(key, { error: null, progress: 0 });
      api.files
        .upload(file, (progress) => patch(key, { progress }), cancel.signal)
        .then(
          (stored) => patch(key, { stored, progress: 1 }),
          (error: unknown) => {
            if (!cancel.signal.aborted) patch(key, { error: describe(error) });
          },
        );
    },
    [patch],
  );

  const add = useCallback(
    (files: File[]) => {
      let count = latest.current.length;
      for (const file of files) {
        const refused = capabilities === null ? null : refusal(capabilities, file, count);
        if (refused !== null) {
          notifyError(
            new ApiError({ status: 0, code: "rejected", title: refusalText(refused, t) }),
            t("composer.not_attached", { name: file.name }),
          );
          continue;
        }
        count += 1;
        const key = nextKey++;
        const preview = file.type.startsWith("image/") ? URL.createObjectURL(file) : null;
        setUploads((list) => [...list, { key, file, preview, progress: 0, stored: null, error: null }]);
        start(key, file);
      }
    },
    [capabilities, start, t],
  );

  const drop = useCallback((key: number) => {
    cancels.current.get(key)?.abort();
    cancels.current.delete(key);
    setUploads((list) => {
      const gone = list.find((u) => u.key === key);
      if (gone?.preview != null) URL.revokeObjectURL(gone.preview);
      return list.filter((u) => u.key !== key);
    });
  }, []);

  const clear = useCallback(() => {
    for (const upload of latest.current) if (upload.preview !== null) URL.revokeObjectURL(upload.preview);
    cancels.current.clear();
    setUploads([]);
  }, []);

  useEffect(
    () => () => {
      for (const cancel of cancels.current.values()) cancel.abort();
    },
    [],
  );

  return {
    uploads,
    add,
    drop,
    clear,
    retry: (key: number) => {
      const upload = latest.current.find((u) => u.key === key);
      if (upload !== undefined) start(key, upload.file);
    },
    busy: uploads.some((u) => u.stored === null && u.error === null),
    failed: uploads.some((u) => u.error !== null),
    stored: uploads.flatMap((u) => u.stored ?? []),
  };
}

function refusalText(refused: Refusal, t: (key: string, options?: Record<string, unknown>) => string): string {
  if (refused.reason === "kind") return t("composer.refused_kind");
  if (refused.reason === "size") return t("composer.refused_size", { max: fileSize(refused.max) });
  return t("composer.refused_count", { count: refused.max });
}
