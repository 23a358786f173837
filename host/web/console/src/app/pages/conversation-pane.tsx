import type { Conversation, Message } from "@omnichat/api-client/types";
import { IconUpload } from "@tabler/icons-react";
import { type DragEvent, useCallback, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { ConversationHeader } from "~/features/conversations/components/conversation-header.tsx";
import type { ConversationActions } from "~/features/conversations/hooks/use-conversation-actions.ts";
import { sends } from "~/features/messages/abilities.ts";
import { Composer } from "~/features/messages/components/composer.tsx";
import type { Obstacle } from "~/features/messages/components/composer-notice.tsx";
import { Timeline } from "~/features/messages/components/timeline.tsx";
import { windowLeft } from "~/features/messages/reply-window.ts";
import { useNow } from "~/lib/time.ts";
import { lacksPlugin, useInboxes } from "~/queries/inboxes.ts";
import { useCan } from "~/queries/me.ts";
import classes from "./conversation-pane.module.css";

interface Props {
  conversation: Conversation;
  actions: ConversationActions;
  phone: boolean;
  panelOpen: boolean;
  onBack: () => void;
  onPanel: () => void;
}

const noFiles: File[] = [];

/** Header, messages and composer of one conversation; files may be dropped anywhere on it. */
export function ConversationPane({ conversation, actions, phone, panelOpen, onBack, onPanel }: Props) {
  const { t } = useTranslation();
  const can = useCan();
  const now = useNow();
  const inboxes = useInboxes();
  const inbox = inboxes.data?.items.find((i) => i.id === conversation.inbox_id);
  const capabilities = inbox?.capabilities ?? null;
  const [replyTo, setReplyTo] = useState<Message | null>(null);
  const [editing, setEditing] = useState<Message | null>(null);
  const [dropped, setDropped] = useState<File[]>(noFiles);
  const [dragging, setDragging] = useState(false);
  const depth = useRef(0);
  const onReply = useCallback((message: Message) => {
    setEditing(null);
    setReplyTo(message);
  }, []);
  const onEdit = useCallback((message: Message) => {
    setReplyTo(null);
    setEditing(message);
  }, []);

  const left = capabilities === null ? null : windowLeft(capabilities, conversation.last_inbound_at, now);
  const obstacle: Obstacle =
    inboxes.isSuccess && inbox === undefined
      ? "inbox_gone"
      : inbox?.enabled === false
        ? "inbox_off"
        : inbox !== undefined && lacksPlugin(inbox)
          ? "plugin"
          : capabilities !== null && !sends(capabilities)
            ? "one_way"
            : left === 0
              ? "window"
              : null;
  const writes = can("messages.send") || can("messages.note");
  const takesFiles = writes && can("files.upload") && (capabilities === null || capabilities.attachments_max > 0);
  const isFileDrag = (event: DragEvent) => takesFiles && event.dataTransfer.types.includes("Files");

  return (
    <main
      className={classes.pane}
      aria-label={t("conversation.with", { name: conversation.customer.name })}
      onDragEnter={(event) => {
        if (!isFileDrag(event)) return;
        depth.current += 1;
        setDragging(true);
      }}
      onDragOver={(event) => {
        if (isFileDrag(event)) event.preventDefault();
      }}
      onDragLeave={() => {
        depth.current = Math.max(0, depth.current - 1);
        if (depth.current === 0) setDragging(false);
      }}
      onDrop={(event) => {
        if (!isFileDrag(event)) return;
        event.preventDefault();
        depth.current = 0;
        setDragging(false);
        setDropped([...event.dataTransfer.files]);
      }}
    >
      <ConversationHeader
        conversation={conversation}
        actions={actions}
        phone={phone}
        panelOpen={panelOpen}
        onBack={onBack}
        onPanel={onPanel}
      />
      <Timeline conversation={conversation} capabilities={capabilities} onReply={onReply} onEdit={onEdit} />
      {writes ? (
        <Composer
          conversation={conversation}
          capabilities={capabilities}
          obstacle={obstacle}
          windowLeftMs={left}
          replyTo={replyTo}
          editing={editing}
          droppedFiles={dropped}
          onDropTaken={() => setDropped(noFiles)}
          onContextDone={() => {
            setReplyTo(null);
            setEditing(null);
          }}
        />
      ) : null}
      {dragging ? (
        <div className={classes.drop}>
          <IconUpload size={28} stroke={1.6} aria-hidden="true" />
          {t("composer.drop")}
        </div>
      ) : null}
    </main>
  );
}
