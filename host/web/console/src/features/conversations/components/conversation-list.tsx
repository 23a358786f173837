import type { Conversation } from "@omnichat/api-client/types";
import { useVirtualizer } from "@tanstack/react-virtual";
import { IconArrowUp, IconFilterOff, IconInbox } from "@tabler/icons-react";
import { useNavigate } from "@tanstack/react-router";
import { type ReactNode, useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { DamagedNote } from "~/components/damaged-note.tsx";
import { Bar, Delayed, EmptyState, ErrorState } from "~/components/states.tsx";
import { useShortcuts } from "~/lib/shortcuts.ts";
import { useNow } from "~/lib/time.ts";
import { useMe } from "~/queries/me.ts";
import { useOperatorNames } from "~/queries/operators.ts";
import { useConversationList } from "../api/use-conversation-list.ts";
import { usePointerAim } from "../hooks/use-pointer-aim.ts";
import { useSettledOrder } from "../hooks/settled-order.ts";
import type { ChosenView } from "../hooks/use-chosen-view.ts";
import { type InboxSearch, narrowings } from "../search.ts";
import classes from "./conversation-list.module.css";
import { ConversationRow } from "./conversation-row.tsx";
import { SearchFurther } from "./search-further.tsx";

interface Props {
  search: InboxSearch;
  view: ChosenView;
  selectedId: string | null;
  /** What stands in the place of an empty list, if there is something better to say. */
  instead: ReactNode;
  wrapRow: (conversation: Conversation, row: ReactNode) => ReactNode;
}

const rowHeight = 64;

export function ConversationList({ search, view, selectedId, instead, wrapRow }: Props) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const me = useMe();
  const now = useNow();
  const names = useOperatorNames();
  const { query, items, damaged, search: further } = useConversationList(view.query);
  const scroller = useRef<HTMLDivElement>(null);
  const [scrolled, setScrolled] = useState(false);
  const aim = usePointerAim();
  const listKey = JSON.stringify(view.query);
  // Rows of the view before, shown while this one loads, are no order to keep to.
  const orderKey = query.isPlaceholderData ? "loading" : listKey;
  const { rows, waiting } = useSettledOrder(items, scrolled || aim.aiming, orderKey);
  const [cursorId, setCursorId] = useState<string | null>(null);

  const virtual = useVirtualizer({
    count: rows.length + (query.hasNextPage ? 1 : 0),
    getScrollElement: () => scroller.current,
    estimateSize: () => rowHeight,
    overscan: 8,
    paddingStart: 6,
    paddingEnd: 12,
  });
  const visible = virtual.getVirtualItems();
  const lastVisible = visible.at(-1)?.index ?? 0;
  useEffect(() => {
    // What is being fetched anew would be given up for the next page.
    const idle = !query.isFetching && !query.isFetchNextPageError && !further.stopped;
    if (lastVisible >= rows.length - 5 && query.hasNextPage && idle) void query.fetchNextPage();
  }, [lastVisible, rows.length, query, further.stopped]);

  useEffect(() => {
    scroller.current?.scrollTo({ top: 0 });
    setCursorId(null);
  }, [listKey]);

  const move = (step: 1 | -1) => {
    const from = rows.findIndex((c) => c.id === (cursorId ?? selectedId));
    const index = from < 0 ? 0 : Math.max(0, Math.min(rows.length - 1, from + step));
    const target = rows[index];
    if (target === undefined) return;
    setCursorId(target.id);
    virtual.scrollToIndex(index);
    // Beside an open conversation the keys walk through conversations, not only through rows.
    if (selectedId !== null) open(target.id);
  };
  const open = (id: string) =>
    void navigate({ to: "/inbox/$conversationId", params: { conversationId: id }, search });
  useShortcuts({
    KeyJ: () => move(1),
    KeyK: () => move(-1),
    Enter: cursorId === null ? undefined : () => open(cursorId),
  });

  if (query.isPending) return <ListSkeleton />;
  if (query.isError && items.length === 0) {
    const retry = query.isFetchNextPageError ? query.fetchNextPage : query.refetch;
    return <ErrorState error={query.error} retry={() => void retry()} />;
  }
  // What was looked through so far held nothing, which does not mean that there is nothing; nor does the view before.
  const asks = further.stopped || further.furthered;
  if (items.length === 0 && !asks && (query.hasNextPage || query.isPlaceholderData)) return <ListSkeleton />;
  if (items.length === 0 && !asks && damaged.length > 0) return <DamagedNote ids={damaged} />;
  if (items.length === 0 && !asks) {
    const narrowed = narrowings(search) > 0;
    if (instead !== null && !narrowed) return instead;
    return (
      <EmptyState
        icon={narrowed ? <IconFilterOff size={28} stroke={1.5} /> : <IconInbox size={28} stroke={1.5} />}
        text={t(narrowed ? "list.nothing_matches" : view.ready === null ? "list.empty_saved" : `list.empty.${view.ready}`)}
        action={
          narrowed
            ? {
                label: t("filters.clear"),
                run: () => void navigate({ to: "/inbox", search: search.view === undefined ? {} : { view: search.view } }),
              }
            : search.view === "open"
              ? undefined
              : { label: t("list.show_open"), run: () => void navigate({ to: "/inbox", search: { view: "open" } }) }
        }
      />
    );
  }

  return (
    <div
      className={classes.frame}
      {...aim.handlers}
      onKeyDown={(event) => {
        if (event.key !== "ArrowDown" && event.key !== "ArrowUp") return;
        event.preventDefault();
        move(event.key === "ArrowDown" ? 1 : -1);
      }}
    >
      {waiting > 0 ? (
        <button
          type="button"
          className={classes.pill}
          onClick={() => {
            scroller.current?.scrollTo({ top: 0 });
            setScrolled(false);
            aim.release();
          }}
        >
          <IconArrowUp size={14} stroke={2} aria-hidden="true" />
          {t("list.new", { count: waiting })}
        </button>
      ) : null}
      <div
        ref={scroller}
        className={classes.scroller}
        role="list"
        aria-label={view.title}
        data-stale={query.isPlaceholderData}
        onScroll={(event) => setScrolled(event.currentTarget.scrollTop > 8)}
      >
        <DamagedNote ids={damaged} />
        <div style={{ height: virtual.getTotalSize(), position: "relative" }}>
          {visible.map((item) => {
            const c = rows[item.index];
            return (
              <div
                key={c?.id ?? "more"}
                role="listitem"
                className={classes.slot}
                style={{ transform: `translateY(${item.start}px)` }}
              >
                {c === undefined ? (
                  query.isFetchNextPageError ? (
                    <button type="button" className={classes.more} onClick={() => void query.fetchNextPage()}>
                      {t("list.load_more")}
                    </button>
                  ) : asks ? (
                    <SearchFurther search={further} />
                  ) : (
                    <RowSkeleton />
                  )
                ) : (
                  wrapRow(
                    c,
                    <ConversationRow
                      conversation={c}
                      selected={c.id === selectedId}
                      cursor={c.id === cursorId}
                      search={search}
                      now={now}
                      meName={me.operator.name}
                      owner={
                        c.assignee_id === null || c.assignee_id === me.operator.id
                          ? null
                          : (names.get(c.assignee_id)?.name.split(" ")[0] ?? null)
                      }
                    />,
                  )
                )}
              </div>
            );
          })}
        </div>
      </div>
    </div>
  );
}

function RowSkeleton() {
  return (
    <div className={classes.skeleton}>
      <span className={classes.face} />
      <span className={classes.bars}>
        <Bar width="45%" />
        <Bar width="80%" height={10} />
      </span>
    </div>
  );
}

/** Rows that are on their way. */
export function ListSkeleton() {
  const { t } = useTranslation();
  return (
    <Delayed>
      <div className={classes.skeletons} role="status" aria-label={t("common.loading")}>
        {Array.from({ length: 8 }, (_, index) => (
          <RowSkeleton key={index} />
        ))}
      </div>
    </Delayed>
  );
}
