import { Alert } from "@mantine/core";
import { ApiError } from "@omnichat/api-client/error";
import { describe } from "~/lib/toasts.ts";
import classes from "./plugins.module.css";

/** What the host refused, in its own sentences: one, or one for each thing that is wrong. */
export function Problem({ title, error }: { title: string; error: unknown }) {
  const summary = describe(error);
  const more = error instanceof ApiError ? error.fields.map((f) => f.message).filter((m) => !summary.includes(m)) : [];
  return (
    <Alert color="red" variant="light" role="alert" title={title}>
      <div className={classes.said}>{summary}</div>
      {more.length === 0 ? null : (
        <ul className={classes.list}>
          {more.map((message) => (
            <li key={message}>{message}</li>
          ))}
        </ul>
      )}
    </Alert>
  );
}
