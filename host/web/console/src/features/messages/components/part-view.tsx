import type { Part } from "@omnichat/api-client/types";
import { IconExternalLink, IconHandClick, IconMapPin, IconPhone, IconPuzzle } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { moment, useNow } from "~/lib/time.ts";
import { NoticeView } from "./notice-view.tsx";
import classes from "./part-view.module.css";

/** What a message carries besides text and files. */
export function PartView({ part }: { part: Exclude<Part, { type: "system" }> }) {
  const { t } = useTranslation();
  switch (part.type) {
    case "location": {
      const live = part.live === null ? null : <LiveLine live={part.live} />;
      const place = `${part.latitude.toFixed(5)}, ${part.longitude.toFixed(5)}`;
      return (
        <a
          className={classes.card}
          href={`https://www.openstreetmap.org/?mlat=${part.latitude}&mlon=${part.longitude}#map=16/${part.latitude}/${part.longitude}`}
          target="_blank"
          rel="noopener noreferrer"
        >
          <IconMapPin size={20} stroke={1.7} aria-hidden="true" />
          <span className={classes.lines}>
            <span className={classes.title}>{part.title ?? t("message.kind.location")}</span>
            <span className={classes.detail}>{part.address ?? place}</span>
            {live}
          </span>
          <IconExternalLink size={16} stroke={1.7} aria-label={t("message.open_map")} />
        </a>
      );
    }
    case "contact":
      return (
        <a className={classes.card} href={`tel:${part.phone.replace(/[^\d+]/g, "")}`}>
          <IconPhone size={20} stroke={1.7} aria-hidden="true" />
          <span className={classes.lines}>
            <span className={classes.title}>{part.name}</span>
            <span className={classes.detail}>{part.phone}</span>
          </span>
        </a>
      );
    case "sticker":
      return (
        <span className={classes.sticker} role="img" aria-label={t("message.kind.sticker")}>
          {part.emoji ?? "🖼️"}
        </span>
      );
    case "button_press":
      return (
        <span className={classes.press}>
          <IconHandClick size={17} stroke={1.7} aria-hidden="true" />
          <span>
            <span className={classes.detail}>{t("message.pressed")}</span> {part.title ?? part.data}
          </span>
        </span>
      );
    case "notice":
      return <NoticeView part={part} />;
    case "unsupported":
      return (
        <span className={classes.card}>
          <IconPuzzle size={20} stroke={1.7} aria-hidden="true" />
          <span className={classes.lines}>
            <span className={classes.title}>{t("message.kind.unsupported")}</span>
            <span className={classes.detail}>{part.summary === "" ? part.kind : part.summary}</span>
          </span>
        </span>
      );
  }
}

type Live = NonNullable<Extract<Part, { type: "location" }>["live"]>;

/** Whether a shared place still moves, and until when. */
function LiveLine({ live }: { live: Live }) {
  const { t } = useTranslation();
  const now = useNow();
  const over = live.ended || (live.until !== null && new Date(live.until).getTime() <= now);
  if (over) return <span className={classes.detail}>{t("message.live.ended")}</span>;
  const words = [live.until === null ? t("message.live.on") : t("message.live.until", { time: moment(live.until) })];
  if (live.heading !== null) words.push(t("message.live.heading", { degrees: live.heading }));
  return (
    <span className={classes.live} data-testid="live">
      {words.join(" · ")}
    </span>
  );
}
