import { Table } from "@mantine/core";
import type { Customer } from "@omnichat/api-client/types";
import { useTranslation } from "react-i18next";
import { Avatar, ChannelGlyph } from "~/components/avatar.tsx";
import { TagChip } from "~/components/tag-chip.tsx";
import { TimeLabel } from "~/components/time-label.tsx";
import { useNow } from "~/lib/time.ts";
import { useKindTitles } from "~/queries/channels.ts";
import { useTagsByName } from "~/queries/tags.ts";
import classes from "./customers.module.css";

interface Props {
  customers: Customer[];
  /** They are those of the question before. */
  dimmed: boolean;
  onOpen: (customer: Customer) => void;
}

/** As many tags as fit beside a name. */
const mostTags = 3;

export function CustomerTable({ customers, dimmed, onOpen }: Props) {
  const { t } = useTranslation();
  return (
    <Table verticalSpacing={10} className={classes.table} data-dimmed={dimmed} aria-label={t("areas.customers")}>
      <Table.Thead>
        <Table.Tr>
          <Table.Th>{t("customer.name")}</Table.Th>
          <Table.Th>{t("customer.chats")}</Table.Th>
          <Table.Th>{t("customers.tags")}</Table.Th>
          <Table.Th className={classes.time}>{t("customers.seen")}</Table.Th>
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {customers.map((customer) => (
          <CustomerRow key={customer.id} customer={customer} onOpen={() => onOpen(customer)} />
        ))}
      </Table.Tbody>
    </Table>
  );
}

function CustomerRow({ customer, onOpen }: { customer: Customer; onOpen: () => void }) {
  const { t } = useTranslation();
  const now = useNow();
  const titleOf = useKindTitles();
  const tags = useTagsByName();
  const channels = [...new Set(customer.chats.map(({ channel }) => channel))];
  const about = [customer.email, customer.phone].filter((one) => one !== null).join(" · ");
  const further = customer.tags.length - mostTags;
  return (
    // The name opens it for whoever uses keys; a pointer may be anywhere.
    <Table.Tr className={classes.row} data-testid="customer-row" onClick={onOpen}>
      <Table.Td className={classes.who}>
        <Avatar id={customer.id} name={customer.name} url={customer.avatar_url} size={34} />
        <span className={classes.names}>
          <button
            type="button"
            className={classes.name}
            onClick={(event) => {
              event.stopPropagation();
              onOpen();
            }}
          >
            {customer.name}
          </button>
          {customer.blocked ? <span className={classes.blocked}>{t("customers.blocked")}</span> : null}
          {about === "" ? null : <span className={classes.dim}>{about}</span>}
        </span>
      </Table.Td>
      <Table.Td className={classes.channels}>
        {channels.map((channel) => (
          <span key={channel} className={classes.channel} title={titleOf(channel)}>
            <ChannelGlyph kind={channel} size={18} />
            <span className="visually-hidden">{titleOf(channel)}</span>
          </span>
        ))}
      </Table.Td>
      <Table.Td className={classes.tags}>
        {customer.tags.slice(0, mostTags).map((name) => (
          <TagChip key={name} name={name} colour={tags.get(name)?.colour} hint={tags.get(name)?.description} small />
        ))}
        {further > 0 ? <span className={classes.dim}>+{further}</span> : null}
      </Table.Td>
      <Table.Td className={classes.time}>
        <TimeLabel at={customer.last_seen_at} now={now} />
      </Table.Td>
    </Table.Tr>
  );
}
