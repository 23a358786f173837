import { ApiError } from "@omnichat/api-client/error";
import { useState } from "react";
import { describe } from "./toasts.ts";

/** What a form shows of a failed submission: a message for each named field, and one for the rest. */
export function useFormProblem() {
  const [error, setError] = useState<unknown>(null);
  const fields = error instanceof ApiError ? error.fields : [];
  return {
    set: setError,
    clear: () => setError(null),
    field: (...names: string[]) => fields.find((f) => names.includes(f.field))?.message ?? null,
    /** Null when every complaint is shown at its field. */
    summary: (shown: string[]) => {
      if (error === null) return null;
      const all = fields.length > 0 && fields.every((f) => shown.includes(f.field));
      return all ? null : describe(error);
    },
    /** Somebody else was quicker. */
    isConflict: error instanceof ApiError && error.code === "conflict",
    error,
  };
}
