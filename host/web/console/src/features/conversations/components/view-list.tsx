import {
  IconAlertOctagon,
  IconChevronDown,
  IconCircleCheck,
  IconClock,
  IconInbox,
  IconMessageQuestion,
  IconPlus,
  IconUser,
  IconUserQuestion,
} from "@tabler/icons-react";
import { Link } from "@tanstack/react-router";
import { useEffect, useMemo, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { DamagedNote } from "~/components/damaged-note.tsx";
import { IconButton } from "~/components/icon-button.tsx";
import { recall, remember } from "~/lib/storage.ts";
import { capped, useCounts } from "~/queries/counts.ts";
import { useViews } from "~/queries/views.ts";
import type { ViewEditor } from "../hooks/use-view-editor.tsx";
import { anew, inOrder, type ViewId, viewIds, views } from "../views.ts";
import { SavedView } from "./saved-view.tsx";
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

interface Props {
  current: string;
  phone: boolean;
  editor: ViewEditor;
}

/** The views, ready-made ones with their counts and then saved ones; folded, only the chosen one is left. On a phone a strip. */
export function ViewList({ current, phone, editor }: Props) {
  const { t } = useTranslation();
  const counts = useCounts();
  const { items, damaged } = useViews().data ?? {};
  const saved = useMemo(() => inOrder(items ?? []), [items]);
  const root = useRef<HTMLElement>(null);
  const [folded, setFolded] = useState(() => recall("views.folded", false));
  useEffect(() => {
    const chosen = root.current?.querySelector('[aria-current="page"]');
    chosen?.scrollIntoView({ inline: phone ? "center" : "nearest", block: "nearest" });
  }, [phone, current, folded, saved.length > 0]);
  const isShown = (id: string) => !folded || phone || id === current;
  const readyMade = viewIds.filter(isShown).map((id) => {
    const Icon = icons[id];
    const name = views[id].count;
    const count = name === null ? undefined : counts.data?.[name];
    return (
      <li key={id}>
        <Link to="/inbox" search={{ view: id }} className={classes.view} aria-current={id === current ? "page" : undefined}>
          <Icon size={17} stroke={1.7} aria-hidden="true" />
          <span className={classes.name}>{t(`views.${id}`)}</span>
          {count === undefined || count === 0 ? null : <span className={classes.count}>{capped(count)}</span>}
        </Link>
      </li>
    );
  });
  const own = saved
    .filter(({ id }) => isShown(id))
    .map((view) => <SavedView key={view.id} view={view} chosen={view.id === current} editor={phone ? null : editor} />);
  if (phone) {
    return (
      <div className={classes.root} data-phone="true">
        <nav ref={root} aria-label={t("views.label")}>
          <ul className={classes.list}>
            {readyMade}
            {own}
          </ul>
        </nav>
      </div>
    );
  }
  return (
    <div className={classes.root}>
      <nav ref={root} aria-label={t("views.label")}>
        <ul className={classes.list}>{readyMade}</ul>
        {folded ? null : (
          <div className={classes.head}>
            <h2 className={classes.title}>{t("views.saved")}</h2>
            <IconButton size={26} label={t("views.add")} onClick={() => editor.add(anew)}>
              <IconPlus size={16} stroke={1.8} />
            </IconButton>
          </div>
        )}
        {own.length === 0 ? null : (
          <ul className={classes.list} data-saved="true" aria-label={t("views.saved")}>
            {own}
          </ul>
        )}
        {folded ? null : <DamagedNote ids={damaged ?? []} />}
      </nav>
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
    </div>
  );
}
