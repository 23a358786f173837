import type { ConnectionTest } from "@omnichat/api-client/types";
import { useTranslation } from "react-i18next";
import { describe } from "~/lib/toasts.ts";
import classes from "./inboxes.module.css";

/** What a connection test said. */
export function TestResult({ result, error }: { result: ConnectionTest | undefined; error: unknown }) {
  const { t } = useTranslation();
  if (error !== null && error !== undefined) {
    return (
      <div className={classes.result} data-ok="false" role="alert">
        {describe(error)}
      </div>
    );
  }
  if (result === undefined) return null;
  return (
    <div className={classes.result} data-ok={result.ok} role="status">
      {result.ok
        ? result.account === null
          ? t("channels.test_ok")
          : t("channels.test_ok_as", { name: result.account.name })
        : t("channels.test_failed", { reason: result.message })}
    </div>
  );
}
