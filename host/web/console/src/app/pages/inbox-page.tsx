import type { Conversation } from "@omnichat/api-client/types";
import { IconMessage2, IconPlugConnected } from "@tabler/icons-react";
import { useNavigate, useParams, useSearch } from "@tanstack/react-router";
import { useEffect } from "react";
import { useTranslation } from "react-i18next";
import { ResizeHandle, usePaneWidth } from "~/components/resizable.tsx";
import { EmptyState, ErrorState } from "~/components/states.tsx";
import { ConversationList, ListSkeleton } from "~/features/conversations/components/conversation-list.tsx";
import { FilterMenu } from "~/features/conversations/components/filter-menu.tsx";
import { whenWords } from "~/features/conversations/components/snooze-menu.tsx";
import { SwipeRow } from "~/features/conversations/components/swipe-row.tsx";
import { ViewList } from "~/features/conversations/components/view-list.tsx";
import {
  type ConversationActions,
  useConversationActions,
} from "~/features/conversations/hooks/use-conversation-actions.ts";
import { useChosenView } from "~/features/conversations/hooks/use-chosen-view.ts";
import { useViewEditor } from "~/features/conversations/hooks/use-view-editor.tsx";
import { snoozeChoices } from "~/features/conversations/snooze-times.ts";
import { AwayNotice } from "~/features/profile/components/away-notice.tsx";
import { useIsPhone } from "~/lib/media.ts";
import { usePageTitle } from "~/lib/page-title.ts";
import { useInboxes } from "~/queries/inboxes.ts";
import { useCan } from "~/queries/me.ts";
import classes from "./inbox-page.module.css";
import { LazyConversation, loadConversation } from "./lazy-conversation.tsx";

export function InboxPage() {
  const { t } = useTranslation();
  const phone = useIsPhone();
  const search = useSearch({ from: "/signed-in/inbox" });
  const { conversationId = null } = useParams({ strict: false });
  const actions = useConversationActions();
  const list = usePaneWidth("list", { initial: 340, min: 260, max: 520 });
  const { view, error, retry } = useChosenView(search);
  const editor = useViewEditor(view?.saved?.id);
  usePageTitle(view?.title ?? t("areas.inbox"));
  const start = useStart();
  const navigate = useNavigate();
  const back = () => void navigate({ to: "/inbox", search: (s) => s });
  // The list is worth showing before the rest has come, which is fetched while it is looked at. A failure is told when a
  // conversation is opened, which asks again.
  useEffect(() => void loadConversation().catch(() => undefined), []);

  const listPane = (
    <section className={classes.list} style={phone ? undefined : { width: list.width }} aria-label={t("areas.inbox")}>
      <div className={classes.listHead}>
        <h1 className={classes.title}>{view?.title}</h1>
        <FilterMenu search={search} view={view} phone={phone} editor={editor} />
      </div>
      <AwayNotice />
      <ViewList current={view?.id ?? ""} phone={phone} editor={editor} />
      {view === null ? (
        error === null ? (
          <ListSkeleton />
        ) : (
          <ErrorState error={error} retry={retry} />
        )
      ) : (
        <ConversationList
          search={search}
          view={view}
          selectedId={conversationId}
          instead={phone ? start : null}
          wrapRow={(conversation, row) =>
            phone ? (
              <Swipeable conversation={conversation} actions={actions}>
                {row}
              </Swipeable>
            ) : (
              row
            )
          }
        />
      )}
      {editor.windows}
      {phone ? null : <ResizeHandle label={t("common.resize_list")} pane={list} side="left" />}
    </section>
  );

  if (phone) {
    return conversationId === null ? (
      <div className={classes.page}>{listPane}</div>
    ) : (
      <div className={classes.slide} key={conversationId}>
        <LazyConversation id={conversationId} actions={actions} phone onBack={back} />
      </div>
    );
  }
  return (
    <div className={classes.page}>
      {listPane}
      {conversationId === null ? (
        <main className={classes.blank}>
          {start ?? <EmptyState icon={<IconMessage2 size={32} stroke={1.4} />} text={t("conversation.pick")} />}
        </main>
      ) : (
        <LazyConversation key={conversationId} id={conversationId} actions={actions} phone={false} onBack={back} />
      )}
    </div>
  );
}

/** Where nothing can come from yet: the way to the first channel, for those who may connect one. */
function useStart(): React.ReactNode {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const manage = useCan()("inboxes.manage");
  const inboxes = useInboxes();
  if (!manage || inboxes.data?.items.length !== 0) return null;
  return (
    <EmptyState
      icon={<IconPlugConnected size={32} stroke={1.4} />}
      text={t("channels.empty")}
      action={{ label: t("channels.add"), run: () => void navigate({ to: "/channels/new", search: {} }) }}
    />
  );
}

function Swipeable(props: { conversation: Conversation; actions: ConversationActions; children: React.ReactNode }) {
  const can = useCan();
  const { conversation, actions, children } = props;
  if (!can("conversations.manage")) return children;
  return (
    <SwipeRow
      onResolve={() => void actions.resolve(conversation)}
      onSnooze={() => {
        const tomorrow = snoozeChoices(new Date()).find((choice) => choice.id === "tomorrow");
        if (tomorrow !== undefined) void actions.snooze(conversation, tomorrow.at, whenWords(tomorrow.at));
      }}
    >
      {children}
    </SwipeRow>
  );
}
