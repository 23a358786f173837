import { Button, Textarea } from "@mantine/core";
import type { Capabilities, Conversation, Message } from "@omnichat/api-client/types";
import { IconLock, IconPaperclip, IconSend2, IconSlash, IconX } from "@tabler/icons-react";
import { type ClipboardEvent, type KeyboardEvent, useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { IconButton } from "~/components/icon-button.tsx";
import { type DraftKind, draftOf, saveDraft } from "~/lib/drafts.ts";
import { useIsPhone } from "~/lib/media.ts";
import { randomKey } from "~/lib/random-key.ts";
import { useShortcuts } from "~/lib/shortcuts.ts";
import { useInboxes } from "~/queries/inboxes.ts";
import { useCan, useMe } from "~/queries/me.ts";
import { announceViewing } from "~/realtime/connection.ts";
import { sendsText } from "../abilities.ts";
import { useMessageActions, useOutbox } from "../hooks/sending.ts";
import { usePhrasePicker } from "../hooks/use-phrase-picker.ts";
import { useTypingSignal } from "../hooks/use-typing-signal.ts";
import { useUploads } from "../hooks/use-uploads.ts";
import { ComposerNotice, type Obstacle } from "./composer-notice.tsx";
import classes from "./composer.module.css";
import { PhraseList, phraseListId, phraseOptionId } from "./phrase-list.tsx";
import { UploadChips } from "./upload-chips.tsx";

interface Props {
  conversation: Conversation;
  capabilities: Capabilities | null;
  obstacle: Obstacle;
  windowLeftMs: number | null;
  replyTo: Message | null;
  editing: Message | null;
  droppedFiles: File[];
  onDropTaken: () => void;
  onContextDone: () => void;
}

/** One field with two tabs. The field itself takes the note's colour, so nobody answers in public by mistake. */
export function Composer(props: Props) {
  const { conversation, capabilities, obstacle, windowLeftMs, replyTo, editing, onContextDone } = props;
  const { t } = useTranslation();
  const can = useCan();
  const id = conversation.id;
  const phone = useIsPhone();
  const mayReply = can("messages.send");
  const mayNote = can("messages.note");
  const [kind, setKind] = useState<DraftKind>(mayReply && (obstacle === null || !mayNote) ? "reply" : "note");
  const [text, setText] = useState(() => draftOf(id)[kind]);
  const [saving, setSaving] = useState(false);
  const field = useRef<HTMLTextAreaElement>(null);
  const picker = useRef<HTMLInputElement>(null);
  const outbox = useOutbox();
  const actions = useMessageActions();
  const note = kind === "note";
  const files = useUploads(note ? null : capabilities);
  const typing = useTypingSignal(id, !note && capabilities?.typing_out === true);

  useEffect(() => {
    if (editing !== null) {
      setKind(editing.direction === "note" ? "note" : "reply");
      setText(editing.text);
    } else setText(draftOf(id)[kind]);
    if (editing !== null || replyTo !== null) field.current?.focus();
    // Only what is being written about changes the text; a change of tab does it below.
  }, [editing, replyTo, id]);
  useEffect(() => {
    announceViewing(id, text.trim() !== "" && !note);
  }, [id, text, note]);
  useEffect(() => () => announceViewing(null, false), []);
  useEffect(() => {
    if (props.droppedFiles.length === 0) return;
    files.add(props.droppedFiles);
    props.onDropTaken();
  }, [props.droppedFiles]);

  useEffect(() => {
    // Whoever may no longer write what is begun goes on with what is left; the beginning stays a draft.
    const next = kind === "note" ? "reply" : "note";
    const [may, mayOther] = kind === "note" ? [mayNote, mayReply] : [mayReply, mayNote];
    if (may || !mayOther || editing !== null) return;
    setKind(next);
    setText(draftOf(id)[next]);
  }, [mayReply, mayNote]);

  const focusOn = (next: DraftKind) => {
    if (editing === null && next !== kind) {
      setKind(next);
      setText(draftOf(id)[next]);
      typing.stopped();
    }
    window.requestAnimationFrame(() => field.current?.focus());
  };
  const change = (value: string) => {
    setText(value);
    if (editing === null) saveDraft(id, kind, value);
    if (value.trim() === "") typing.stopped();
    else typing.typed();
  };

  const me = useMe();
  const inbox = useInboxes().data?.items.find((i) => i.id === conversation.inbox_id);
  const phrases = usePhrasePicker({
    field,
    text,
    change,
    names: { customer: conversation.customer.name, operator: me.operator.name, ...(inbox === undefined ? {} : { channel: inbox.title }) },
  });

  const limit = note ? 20_000 : files.uploads.length > 0 && capabilities !== null ? capabilities.caption_max : (capabilities?.text_max ?? 4096);
  const shut = obstacle !== null && !note && editing === null;
  const oneWay = shut && obstacle === "one_way";
  const filesOnly = !shut && !note && editing === null && capabilities !== null && !sendsText(capabilities);
  // A draft from when the channel still carried text stays a draft.
  const written = filesOnly ? "" : text.trim();
  // What cannot go out at all has no length.
  const counted = !shut && !filesOnly;
  const left = counted ? limit - text.length : 0;
  const filled = written !== "" || files.stored.length > 0;
  const ready = filled && left >= 0 && !files.busy && !files.failed && !shut && !saving && (editing === null || written !== "");

  const submit = async () => {
    if (!ready) return;
    typing.stopped();
    if (editing !== null) {
      setSaving(true);
      const done = text === editing.text || (await actions.edit(editing, text.trim()));
      setSaving(false);
      if (done) onContextDone();
      return;
    }
    outbox?.enqueue({
      conversationId: id,
      body: {
        client_key: randomKey(),
        kind,
        text: written,
        ...(files.stored.length === 0 ? {} : { file_ids: files.stored.map((f) => f.id) }),
        ...(replyTo === null || note ? {} : { reply_to: replyTo.id }),
      },
      files: files.stored,
      replyPreview:
        replyTo === null || note
          ? null
          : { author_name: replyTo.author.name, preview: replyTo.text || t("message.kind.document"), kind: "text" },
      createdAt: new Date().toISOString(),
    });
    if (!filesOnly) {
      setText("");
      saveDraft(id, kind, "");
    }
    files.clear();
    onContextDone();
    field.current?.focus();
  };

  useShortcuts({
    KeyR: mayReply ? () => focusOn("reply") : undefined,
    KeyN: mayNote ? () => focusOn("note") : undefined,
    Slash: counted ? phrases.toggle : undefined,
  });

  const onKeyDown = (event: KeyboardEvent) => {
    if (phrases.onKey(event)) return;
    if (event.key === "Enter" && !event.shiftKey && !event.nativeEvent.isComposing) {
      event.preventDefault();
      void submit();
    } else if (event.key === "Escape") {
      event.preventDefault();
      event.stopPropagation();
      if (editing !== null || replyTo !== null) onContextDone();
      else field.current?.blur();
    }
  };
  const mayAttach = can("files.upload") && editing === null && (note || (capabilities?.attachments_max ?? 0) > 0);
  const onPaste = (event: ClipboardEvent) => {
    const pasted = [...event.clipboardData.files];
    if (pasted.length === 0 || !mayAttach) return;
    event.preventDefault();
    files.add(pasted);
  };

  return (
    <div className={classes.composer} data-kind={kind} data-testid="composer">
      {note && obstacle === null ? null : (
        <ComposerNotice
          obstacle={obstacle}
          channel={conversation.channel}
          blocked={conversation.blocked}
          bot={conversation.scenario === null ? null : conversation.scenario.name || t("conversation.bot")}
          windowLeftMs={windowLeftMs}
        />
      )}
      <div className={classes.field}>
        <div className={classes.tabs} role="tablist" aria-label={t("composer.kind")}>
          {mayReply ? (
            <button
              type="button"
              role="tab"
              aria-selected={!note}
              aria-keyshortcuts="R"
              title="R"
              className={classes.tab}
              disabled={editing !== null && note}
              onClick={() => focusOn("reply")}
            >
              {t("composer.reply")}
            </button>
          ) : null}
          {mayNote ? (
            <button
              type="button"
              role="tab"
              aria-selected={note}
              aria-keyshortcuts="N"
              title="N"
              className={classes.tab}
              disabled={editing !== null && !note}
              onClick={() => focusOn("note")}
            >
              <IconLock size={14} stroke={1.8} aria-hidden="true" /> {t("composer.note")}
            </button>
          ) : null}
        </div>
        {editing !== null || (replyTo !== null && !note) ? (
          <div className={classes.context}>
            <span className={classes.contextText}>
              <strong>
                {editing !== null ? t("composer.editing") : t("composer.replying_to", { name: replyTo?.author.name ?? "" })}
              </strong>
              <span>{(editing ?? replyTo)?.text || t("message.kind.document")}</span>
            </span>
            <IconButton label={t("common.cancel")} size={28} onClick={onContextDone}>
              <IconX size={16} stroke={1.8} />
            </IconButton>
          </div>
        ) : null}
        <PhraseList picker={phrases} />
        {filesOnly ? <p className={classes.sentence}>{t("composer.files_only")}</p> : null}
        {oneWay || filesOnly ? null : (
          <Textarea
            ref={field}
            variant="unstyled"
            autosize
            minRows={phone ? 1 : 2}
            maxRows={12}
            classNames={{ input: classes.input }}
            aria-label={note ? t("composer.note_label") : t("composer.reply_label")}
            placeholder={note ? t("composer.note_placeholder") : t("composer.reply_placeholder", { name: conversation.customer.name })}
            value={text}
            disabled={shut}
            aria-autocomplete="list"
            aria-controls={phrases.offered === null ? undefined : phraseListId}
            aria-activedescendant={phrases.offered?.[phrases.active] === undefined ? undefined : phraseOptionId(phrases.active)}
            onChange={(event) => change(event.currentTarget.value)}
            onSelect={phrases.follow}
            onKeyDown={onKeyDown}
            onPaste={onPaste}
            onBlur={() => {
              typing.stopped();
              phrases.close();
            }}
          />
        )}
        <UploadChips uploads={files.uploads} onRemove={files.drop} onRetry={files.retry} />
        <div className={classes.bar}>
          {mayAttach && !shut ? (
            <>
              <IconButton label={t("composer.attach")} onClick={() => picker.current?.click()}>
                <IconPaperclip size={18} stroke={1.7} />
              </IconButton>
              <input
                ref={picker}
                type="file"
                multiple
                hidden
                data-testid="file-input"
                aria-label={t("composer.attach")}
                onChange={(event) => {
                  files.add([...(event.currentTarget.files ?? [])]);
                  event.currentTarget.value = "";
                }}
              />
            </>
          ) : null}
          {mayReply && counted ? (
            <IconButton label={t("phrases.call")} keys="/" onMouseDown={(event) => event.preventDefault()} onClick={phrases.toggle}>
              <IconSlash size={18} stroke={1.7} />
            </IconButton>
          ) : null}
          <span className={classes.space} />
          {counted && left < Math.max(20, limit * 0.1) ? (
            <span className={classes.counter} data-over={left < 0} role="status">
              {left >= 0 ? t("composer.left", { count: left }) : t("composer.over", { count: -left })}
            </span>
          ) : null}
          {oneWay ? null : (
            <Button
              data-testid="send"
              disabled={!ready}
              loading={saving}
              rightSection={<IconSend2 size={16} stroke={1.8} />}
              onClick={() => void submit()}
              className={classes.send}
            >
              {editing !== null ? t("common.save") : note ? t("composer.add_note") : t("composer.send")}
            </Button>
          )}
        </div>
      </div>
    </div>
  );
}
