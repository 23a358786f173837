import type { Button } from "@omnichat/api-client/types";
import { IconExternalLink, IconMapPin, IconPhone } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { safeUrl } from "~/lib/rich-text.ts";
import classes from "./button-rows.module.css";

/** The buttons that the customer sees under a message; the operator cannot press them. */
export function ButtonRows({ rows }: { rows: Button[][] }) {
  const { t } = useTranslation();
  return (
    <div className={classes.rows} role="group" aria-label={t("message.buttons")}>
      {rows.map((row, index) => (
        <div key={index} className={classes.row}>
          {row.map((button, at) => {
            const url = button.kind === "url" && button.url != null ? safeUrl(button.url) : null;
            return url === null ? (
              <span key={at} className={classes.button}>
                {button.kind === "contact" ? <IconPhone size={14} stroke={1.8} aria-hidden="true" /> : null}
                {button.kind === "location" ? <IconMapPin size={14} stroke={1.8} aria-hidden="true" /> : null}
                {button.text}
              </span>
            ) : (
              <a key={at} className={classes.button} href={url} target="_blank" rel="noopener noreferrer">
                {button.text}
                <IconExternalLink size={14} stroke={1.8} aria-hidden="true" />
              </a>
            );
          })}
        </div>
      ))}
    </div>
  );
}
