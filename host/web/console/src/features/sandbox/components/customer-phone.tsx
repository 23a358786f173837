import type { Message } from "@omnichat/api-client/types";
import { IconChecks, IconMessages, IconPaperclip, IconSend2, IconX } from "@tabler/icons-react";
import { useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { IconButton } from "~/components/icon-button.tsx";
import { api } from "~/lib/api.ts";
import { notifyError } from "~/lib/toasts.ts";
import { useMessages } from "~/queries/messages.ts";
import { useTyping } from "~/realtime/live.ts";
import type { useSimulatedCustomer } from "../hooks/use-simulated-customer.ts";
import { PhoneMessage } from "./phone-message.tsx";
import classes from "./sandbox.module.css";

type Customer = ReturnType<typeof useSimulatedCustomer>;

/** What the customer holds in hand: the operator's answers at the left, one's own words at the right. */
export function CustomerPhone({ customer }: { customer: Customer }) {
  const { t } = useTranslation();
  const { person, act } = customer;
  const [text, setText] = useState("");
  const [editing, setEditing] = useState<Message | null>(null);
  const [busy, setBusy] = useState(false);
  const picker = useRef<HTMLInputElement>(null);
  const lastTyping = useRef(0);

  const send = async () => {
    const value = text.trim();
    if (value === "" || busy) return;
    setBusy(true);
    const done =
      editing === null
        ? await act({ action: "message", text: value })
        : await act({ action: "edit", target_message_id: editing.id, text: value });
    setBusy(false);
    if (done) {
      setText("");
      setEditing(null);
      // What is typed next is a new message, of which nobody has heard yet.
      lastTyping.current = 0;
    }
  };
  const sendFiles = async (files: File[]) => {
    setBusy(true);
    try {
      const stored = await Promise.all(files.map((file) => api.files.upload(file, () => undefined)));
      await act({ action: "message", text: text.trim(), file_ids: stored.map((file) => file.id) });
      setText("");
      lastTyping.current = 0;
    } catch (error) {
      notifyError(error, t("sandbox.failed"));
    } finally {
      setBusy(false);
    }
  };
  const typed = (value: string) => {
    setText(value);
    const now = Date.now();
    if (person.conversationId === null || now - lastTyping.current < 3000) return;
    lastTyping.current = now;
    void act({ action: "typing" });
  };

  return (
    <section className={classes.phone} aria-label={t("sandbox.phone")}>
      <div className={classes.speaker} aria-hidden="true" />
      {person.conversationId === null ? (
        <div className={classes.empty}>
          <IconMessages size={26} stroke={1.5} aria-hidden="true" />
          {t("sandbox.empty")}
        </div>
      ) : (
        <PhoneMessages
          key={person.conversationId}
          conversationId={person.conversationId}
          customer={customer}
          onEdit={(message) => {
            setEditing(message);
            setText(message.text);
          }}
        />
      )}
      {editing === null ? null : (
        <div className={classes.editing}>
          <span>{t("composer.editing")}</span>
          <IconButton
            label={t("common.cancel")}
            size={26}
            onClick={() => {
              setEditing(null);
              setText("");
            }}
          >
            <IconX size={15} stroke={1.8} />
          </IconButton>
        </div>
      )}
      <form
        className={classes.entry}
        onSubmit={(event) => {
          event.preventDefault();
          void send();
        }}
      >
        <IconButton type="button" label={t("composer.attach")} disabled={busy || editing !== null} onClick={() => picker.current?.click()}>
          <IconPaperclip size={18} stroke={1.7} />
        </IconButton>
        <input
          ref={picker}
          type="file"
          multiple
          hidden
          aria-label={t("composer.attach")}
          onChange={(event) => {
            const files = [...(event.currentTarget.files ?? [])];
            event.currentTarget.value = "";
            if (files.length > 0) void sendFiles(files);
          }}
        />
        <input
          className={classes.input}
          aria-label={t("sandbox.write")}
          placeholder={t("sandbox.write")}
          value={text}
          onChange={(event) => typed(event.currentTarget.value)}
        />
        <IconButton type="submit" label={t("composer.send")} disabled={busy || text.trim() === ""}>
          <IconSend2 size={18} stroke={1.7} />
        </IconButton>
      </form>
    </section>
  );
}

interface MessagesProps {
  conversationId: string;
  customer: Customer;
  onEdit: (message: Message) => void;
}

function PhoneMessages({ conversationId, customer, onEdit }: MessagesProps) {
  const { t } = useTranslation();
  const { messages } = useMessages(conversationId);
  const scroller = useRef<HTMLDivElement>(null);
  const seen = messages.filter((m) => m.direction === "in" || m.direction === "out");
  const lastId = seen.at(-1)?.id;
  const typing = useTyping(conversationId).some((typist) => typist.author.kind === "operator");
  useEffect(() => {
    scroller.current?.scrollTo({ top: scroller.current.scrollHeight });
  }, [lastId, typing]);
  const unread = seen.some((m) => m.direction === "out" && (m.state === "sent" || m.state === "delivered"));
  return (
    <>
      <div ref={scroller} className={classes.talk} role="log" aria-label={t("conversation.messages")} tabIndex={0}>
        {seen.map((message) => (
          <PhoneMessage
            key={message.id}
            message={message}
            onEdit={() => onEdit(message)}
            onDelete={() => void customer.act({ action: "delete", target_message_id: message.id })}
            onPress={(button) =>
              void customer.act({
                action: "button",
                target_message_id: message.id,
                data: button.data ?? button.text,
                text: button.text,
              })
            }
          />
        ))}
        {typing ? <div className={classes.typing}>{t("sandbox.operator_typing")}</div> : null}
      </div>
      {unread ? (
        <button type="button" className={classes.read} onClick={() => void customer.act({ action: "read" })}>
          <IconChecks size={16} stroke={1.8} aria-hidden="true" /> {t("sandbox.read")}
        </button>
      ) : null}
    </>
  );
}
