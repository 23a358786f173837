import { TagsInput } from "@mantine/core";
import { ApiError } from "@omnichat/api-client/error";
import type { Customer, CustomerContact } from "@omnichat/api-client/types";
import { IconX } from "@tabler/icons-react";
import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { Avatar, ChannelGlyph } from "~/components/avatar.tsx";
import { IconButton } from "~/components/icon-button.tsx";
import { Bar, Delayed, ErrorState } from "~/components/states.tsx";
import { TimeLabel } from "~/components/time-label.tsx";
import { moment, useNow } from "~/lib/time.ts";
import { describe, notifyError } from "~/lib/toasts.ts";
import { useInboxes } from "~/queries/inboxes.ts";
import { useCan } from "~/queries/me.ts";
import { useCustomer, useCustomerConversations, useUpdateCustomer } from "../api/use-customer.ts";
import classes from "./customer-panel.module.css";
import { InlineField } from "./inline-field.tsx";

interface Props {
  customerId: string;
  /** The open conversation, which is left out of the list of others. */
  conversationId: string;
  onClose: (() => void) | null;
  /** What belongs to the conversation rather than to the customer. */
  children: ReactNode;
}

export function CustomerPanel({ customerId, conversationId, onClose, children }: Props) {
  const { t } = useTranslation();
  const sees = useCan()("customers.read");
  const query = useCustomer(customerId, sees);
  return (
    <div className={classes.panel}>
      {onClose === null ? null : (
        <div className={classes.close}>
          <IconButton label={t("common.close")} onClick={onClose}>
            <IconX size={20} stroke={1.7} />
          </IconButton>
        </div>
      )}
      {!sees ? null : query.data === undefined ? (
        query.isError ? (
          <ErrorState error={query.error} retry={() => void query.refetch()} />
        ) : (
          <Delayed>
            <div className={classes.skeleton} role="status" aria-label={t("common.loading")}>
              <Bar width={64} height={64} />
              <Bar width="60%" />
              <Bar width="80%" />
              <Bar width="70%" />
            </div>
          </Delayed>
        )
      ) : (
        <CustomerDetails customer={query.data} />
      )}
      {/* Not before what stands above it, which would push it down. */}
      {sees && query.isPending ? null : children}
      {sees ? <OtherConversations customerId={customerId} conversationId={conversationId} /> : null}
    </div>
  );
}

function CustomerDetails({ customer }: { customer: Customer }) {
  const { t } = useTranslation();
  const can = useCan();
  const readOnly = !can("customers.write");
  const update = useUpdateCustomer(customer);
  const now = useNow();
  const saver = (name: "name" | "email" | "phone" | "note") => async (value: string) => {
    try {
      const empty = name === "email" || name === "phone" ? null : "";
      await update.mutateAsync({ [name]: value === "" ? empty : value });
      return null;
    } catch (error) {
      if (error instanceof ApiError && error.code === "invalid") return error.field(name) ?? error.message;
      if (error instanceof ApiError && error.code === "conflict") return t("customer.conflict");
      return describe(error);
    }
  };
  const attributes = Object.entries(customer.attributes);
  return (
    <>
      <div className={classes.head}>
        <Avatar id={customer.id} name={customer.name} url={customer.avatar_url} size={56} />
        <div className={classes.headText}>
          <div className={classes.headName}>{customer.name}</div>
          <div className={classes.dim}>
            {t("customer.seen")} <TimeLabel at={customer.last_seen_at} now={now} />
          </div>
        </div>
      </div>
      <section className={classes.section} aria-label={t("customer.details")}>
        <InlineField label={t("customer.name")} value={customer.name} placeholder={t("customer.add")} readOnly={readOnly} onSave={saver("name")} />
        <InlineField
          label={t("customer.email")}
          type="email"
          value={customer.email ?? ""}
          placeholder={t("customer.add")}
          readOnly={readOnly}
          onSave={saver("email")}
        />
        <InlineField
          label={t("customer.phone")}
          type="tel"
          value={customer.phone ?? ""}
          placeholder={t("customer.add")}
          readOnly={readOnly}
          onSave={saver("phone")}
        />
        <InlineField
          label={t("customer.note")}
          multiline
          value={customer.note}
          placeholder={t("customer.add_note")}
          readOnly={readOnly}
          onSave={saver("note")}
        />
        <TagsInput
          label={t("customer.tags")}
          classNames={{ label: classes.label }}
          placeholder={customer.tags.length === 0 ? t("customer.add") : ""}
          value={customer.tags}
          readOnly={readOnly}
          onChange={(tags) =>
            update.mutate({ tags }, { onError: (error) => notifyError(error, t("customer.not_saved")) })
          }
        />
      </section>
      <WritesFrom customer={customer} />
      {attributes.length === 0 ? null : (
        <section className={classes.section} aria-label={t("customer.attributes")}>
          <h2 className={classes.title}>{t("customer.attributes")}</h2>
          <dl className={classes.pairs}>
            {attributes.map(([name, value]) => (
              <div key={name} className={classes.pair}>
                <dt>{name}</dt>
                <dd>{value}</dd>
              </div>
            ))}
            <div className={classes.pair}>
              <dt>{t("customer.first_seen")}</dt>
              <dd>{moment(customer.created_at)}</dd>
            </div>
          </dl>
        </section>
      )}
    </>
  );
}

/** Where the customer writes, and what else it is known by. */
function WritesFrom({ customer }: { customer: Customer }) {
  const { t } = useTranslation();
  const inboxes = useInboxes();
  const contact = (id: string | null) => customer.contacts.find((one) => one.id === id);
  const rest = customer.contacts.filter(({ id }) => customer.chats.every((chat) => chat.contact_id !== id));
  const called = (known: CustomerContact) => (known.username === null ? known.name || known.external_id : `@${known.username}`);
  const scope = (name: string) => {
    const platform = name.replace(/^platform:/, "");
    return t(`customer.scope.${name}`, { defaultValue: t(`channel.${platform}`, { defaultValue: platform }) });
  };
  if (customer.chats.length === 0 && rest.length === 0) return null;
  return (
    <section className={classes.section} aria-label={t("customer.chats")}>
      <h2 className={classes.title}>{t("customer.chats")}</h2>
      <ul className={classes.list}>
        {customer.chats.map((chat) => {
          const known = contact(chat.contact_id);
          const where = inboxes.data?.items.find((inbox) => inbox.id === chat.inbox_id)?.title ?? chat.channel;
          return (
            <li key={chat.id} className={classes.contact}>
              <ChannelGlyph kind={chat.channel} size={20} />
              <span className={classes.contactText}>
                <span>{chat.title ?? (known === undefined ? chat.external_id : called(known))}</span>
                <span className={classes.dim}>
                  {where} · {known?.external_id ?? chat.external_id}
                  {chat.blocked ? ` · ${t("customer.unreachable")}` : ""}
                </span>
              </span>
            </li>
          );
        })}
        {rest.map((known) => (
          <li key={known.id} className={classes.contact}>
            <ChannelGlyph kind={known.scope.replace(/^platform:/, "")} size={20} />
            <span className={classes.contactText}>
              <span>{called(known)}</span>
              <span className={classes.dim}>
                {scope(known.scope)} · {known.external_id}
                {known.claimed ? ` · ${t("customer.claimed")}` : ""}
              </span>
            </span>
          </li>
        ))}
      </ul>
    </section>
  );
}

function OtherConversations({ customerId, conversationId }: { customerId: string; conversationId: string }) {
  const { t } = useTranslation();
  const now = useNow();
  const { data } = useCustomerConversations(customerId);
  const others = (data?.items ?? []).filter((c) => c.id !== conversationId);
  if (others.length === 0) return null;
  return (
    <section className={classes.section} aria-label={t("customer.others")}>
      <h2 className={classes.title}>{t("customer.others")}</h2>
      <ul className={classes.list}>
        {others.map((c) => (
          <li key={c.id}>
            <Link
              to="/inbox/$conversationId"
              params={{ conversationId: c.id }}
              search={(search) => search}
              className={classes.other}
            >
              <ChannelGlyph kind={c.channel} size={18} />
              <span className={classes.otherText}>{c.last_message?.preview || c.subject || t(`status.${c.status}`)}</span>
              <TimeLabel at={c.last_activity_at} now={now} className={classes.dim} />
            </Link>
          </li>
        ))}
      </ul>
    </section>
  );
}
