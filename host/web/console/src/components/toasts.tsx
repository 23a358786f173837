import { IconAlertTriangle, IconX } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { useStore } from "~/lib/store.ts";
import { dismiss, toasts } from "~/lib/toasts.ts";
import classes from "./toasts.module.css";

export function Toasts() {
  const { t } = useTranslation();
  const list = useStore(toasts);
  return (
    <div className={classes.stack} role="status" aria-live="polite">
      {list.map((toast) => (
        <div key={toast.id} className={classes.toast} data-tone={toast.tone}>
          {toast.tone === "danger" ? <IconAlertTriangle size={18} stroke={1.8} aria-hidden="true" /> : null}
          <div className={classes.body}>
            <div>{toast.text}</div>
            {toast.detail === undefined ? null : <div className={classes.detail}>{toast.detail}</div>}
          </div>
          {toast.undo === undefined ? null : (
            <button
              type="button"
              className={classes.undo}
              onClick={() => {
                toast.undo?.();
                dismiss(toast.id);
              }}
            >
              {t("common.undo")}
            </button>
          )}
          <button
            type="button"
            className={classes.close}
            aria-label={t("common.dismiss")}
            onClick={() => dismiss(toast.id)}
          >
            <IconX size={16} stroke={1.8} />
          </button>
        </div>
      ))}
    </div>
  );
}
