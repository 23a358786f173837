import type { ConversationQuery, View } from "@omnichat/api-client/types";
import { useNavigate } from "@tanstack/react-router";
import { useEffect, useMemo, useRef } from "react";
import { useTranslation } from "react-i18next";
import { notify } from "~/lib/toasts.ts";
import { useViews } from "~/queries/views.ts";
import { type InboxSearch, readyMade, toQuery } from "../search.ts";
import type { ViewId } from "../views.ts";

/** The view that the address bar names, and what it shows. */
export interface ChosenView {
  /** Of a ready-made view its name. */
  id: string;
  title: string;
  query: Required<ConversationQuery>;
  ready: ViewId | null;
  saved: View | null;
}

/** So long a view may be away before it counts as gone, in milliseconds: one that changes its owner goes and comes. */
const moment = 1000;

/** The view is null until it is known; one that is gone makes place for the first ready-made one. */
export function useChosenView(search: InboxSearch): { view: ChosenView | null; error: unknown; retry: () => void } {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const { data, error, isFetching, refetch } = useViews();
  const ready = readyMade(search);
  const found = (ready === null ? data?.items.find(({ id }) => id === search.view) : undefined) ?? null;
  const shown = useRef(found);
  if (found !== null) shown.current = found;
  const saved = found ?? (ready === null && shown.current?.id === search.view ? shown.current : null);
  const isGone = ready === null && found === null && data !== undefined && !isFetching;
  useEffect(() => {
    if (!isGone) return;
    const timer = window.setTimeout(() => {
      notify(t("views.gone"));
      void navigate({ to: ".", search: {}, replace: true });
    }, moment);
    return () => window.clearTimeout(timer);
  }, [isGone, search.view]);
  const view = useMemo((): ChosenView | null => {
    if (ready !== null) return { id: ready, title: t(`views.${ready}`), query: toQuery(search, ready), ready, saved: null };
    return saved && { id: saved.id, title: saved.name, query: toQuery(search, saved), ready, saved };
  }, [search, ready, saved, t]);
  return { view, error: view === null ? error : null, retry: () => void refetch() };
}
