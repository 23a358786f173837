import { IconPlugConnectedX } from "@tabler/icons-react";
import { useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import { useStore } from "~/lib/store.ts";
import { connection } from "~/realtime/live.ts";
import classes from "./offline-banner.module.css";

/** Says that the connection is lost and what is kept; a blink of a reconnection is not worth words. */
export function OfflineBanner() {
  const { t } = useTranslation();
  const offline = useStore(connection) === "offline";
  const [shown, setShown] = useState(false);
  useEffect(() => {
    const timer = window.setTimeout(() => setShown(offline), offline ? 1200 : 0);
    return () => window.clearTimeout(timer);
  }, [offline]);
  if (!shown) return null;
  return (
    <div className={classes.banner} role="status">
      <IconPlugConnectedX size={16} stroke={1.8} aria-hidden="true" />
      <span>{t("common.offline")}</span>
    </div>
  );
}
