import {
  IconAlertOctagon,
  IconChevronDown,
  IconCircleCheck,
  IconClock,
  IconInbox,
  IconMessageQuestion,
  IconUser,
  IconUserQuestion,
} from "@tabler/icons-react";
import { Link } from "@tanstack/react-router";
import { useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { recall, remember } from "~/lib/storage.ts";
import { capped, useCounts } from "~/queries/counts.ts";
import { type ViewId, viewIds, views } from "../views.ts";
import classes from "./view-list.module.css";

const icons: Record<ViewId, typeof IconInbox> = {
  mine: IconUser,
  unassigned: IconUserQuestion,
  open: IconInbox,
  unanswered: IconMessageQuestion,
  snoozed: IconClock,
  resolved: IconCircleCheck,
  spam: IconAlertOctagon,
};

/** The views with their counts; folded, only the chosen one is left. On a phone a strip. */
export function ViewList({ current, phone }: { current: ViewId; phone: boolean }) {
  const { t } = useTranslation();
  const counts = useCounts();
  const list = useRef<HTMLUListElement>(null);
  useEffect(() => {
    if (phone) list.current?.querySelector('[aria-current="page"]')?.scrollIntoView({ inline: "center", block: "nearest" });
  }, [phone, current]);
  const [folded, setFolded] = useState(() => recall("views.folded", false));
  const shown = folded && !phone ? viewIds.filter((id) => id === current) : viewIds;
  return (
    <div className={classes.root} data-phone={phone}>
      <nav aria-label={t("views.label")}>
        <ul ref={list} className={classes.list}>
          {shown.map((id) => {
            const Icon = icons[id];
            const name = views[id].count;
            const count = name === null ? undefined : counts.data?.[name];
            return (
              <li key={id}>
                <Link
                  to="/inbox"
                  search={{ view: id }}
                  className={classes.view}
                  aria-current={id === current ? "page" : undefined}
                >
                  <Icon size={17} stroke={1.7} aria-hidden="true" />
                  <span className={classes.name}>{t(`views.${id}`)}</span>
                  {count === undefined || count === 0 ? null : <span className={classes.count}>{capped(count)}</span>}
                </Link>
              </li>
            );
          })}
        </ul>
      </nav>
      {phone ? null : (
        <button
          type="button"
          className={classes.fold}
          aria-expanded={!folded}
          aria-label={t(folded ? "views.unfold" : "views.fold")}
          title={t(folded ? "views.unfold" : "views.fold")}
          onClick={() => {
            remember("views.folded", !folded);
            setFolded(!folded);
          }}
        >
          <IconChevronDown size={16} stroke={1.8} />
        </button>
      )}
    </div>
  );
}
