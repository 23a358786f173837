import { Button } from "@mantine/core";
import { ApiError } from "@omnichat/api-client/error";
import { IconAlertTriangle, IconPlugConnectedX } from "@tabler/icons-react";
import { type ReactNode, useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { useStore } from "~/lib/store.ts";
import { connection } from "~/realtime/live.ts";
import classes from "./states.module.css";

interface EmptyProps {
  icon: ReactNode;
  text: string;
  action?: { label: string; run: () => void } | undefined;
}

/** One icon, one sentence, one button that does the next thing. */
export function EmptyState({ icon, text, action }: EmptyProps) {
  return (
    <div className={classes.state} data-state="empty">
      <span className={classes.icon}>{icon}</span>
      <p className={classes.text}>{text}</p>
      {action === undefined ? null : (
        <Button variant="default" onClick={action.run}>
          {action.label}
        </Button>
      )}
    </div>
  );
}

/** What happened, what to do, the request id in small print. */
export function ErrorState({ error, retry }: { error: unknown; retry?: () => void }) {
  const { t, i18n } = useTranslation();
  useHealing(error instanceof ApiError && error.isNetwork ? retry : undefined);
  const known = error instanceof ApiError ? `errors.${error.code}` : "errors.internal";
  return (
    <div className={classes.state} data-state="error" role="alert">
      <span className={classes.icon}>
        {error instanceof ApiError && error.isNetwork ? (
          <IconPlugConnectedX size={28} stroke={1.5} />
        ) : (
          <IconAlertTriangle size={28} stroke={1.5} />
        )}
      </span>
      <p className={classes.text}>{i18n.exists(known) ? t(known) : String((error as Error).message)}</p>
      {retry === undefined ? null : (
        <Button variant="default" onClick={retry}>
          {t("common.try_again")}
        </Button>
      )}
      {error instanceof ApiError && error.requestId !== null ? (
        <small className={classes.small}>{t("errors.request", { id: error.requestId })}</small>
      ) : null}
    </div>
  );
}

/** What did not come for want of a connection is asked for again when there is one. */
function useHealing(retry: (() => void) | undefined): void {
  const state = useStore(connection);
  const latest = useRef(retry);
  const waiting = useRef(false);
  useEffect(() => {
    latest.current = retry;
  });
  useEffect(() => {
    if (state === "offline") waiting.current = true;
    if (state !== "online" || !waiting.current) return;
    waiting.current = false;
    latest.current?.();
  }, [state]);
}

/** Shows its content only if the wait lasts: a skeleton that flashes is worse than none. */
export function Delayed({ children, ms = 150 }: { children: ReactNode; ms?: number }) {
  const [shown, setShown] = useState(false);
  useEffect(() => {
    const timer = window.setTimeout(() => setShown(true), ms);
    return () => window.clearTimeout(timer);
  }, [ms]);
  return shown ? children : null;
}

/** A grey bar in the place of a line of text. */
export function Bar({ width, height = 12 }: { width: number | string; height?: number }) {
  return <span className={classes.bar} style={{ width, height }} />;
}

/** Lines in the shape of a settings page. */
export function PageSkeleton() {
  const { t } = useTranslation();
  return (
    <Delayed>
      <div className={classes.page} role="status" aria-label={t("common.loading")}>
        {[60, 90, 80, 85, 70].map((width) => (
          <Bar key={width} width={`${width}%`} height={16} />
        ))}
      </div>
    </Delayed>
  );
}
