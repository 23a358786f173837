import { IconCommand, IconMessage, IconSearch } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useDebouncedValue } from "@mantine/hooks";
import { type KeyboardEvent, useEffect, useMemo, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { Dialog } from "~/components/dialog.tsx";
import { Avatar } from "~/components/avatar.tsx";
import { Kbd } from "~/components/icon-button.tsx";
import { api } from "~/lib/api.ts";
import { commands } from "~/lib/commands.ts";
import { useStore } from "~/lib/store.ts";
import { keys } from "~/queries/keys.ts";
import { useCan } from "~/queries/me.ts";
import { useOpenCustomer } from "~/queries/open-customer.ts";
import classes from "./palette.module.css";
import { rankCommands } from "../rank.ts";

interface Props {
  onClose: () => void;
  onConversation: (id: string) => void;
}

interface Row {
  id: string;
  group: string;
  title: string;
  keys?: string | undefined;
  customer?: { id: string; name: string } | undefined;
  run: () => void;
}

/** The host refuses to search for less: no index finds it. */
function isLongEnough(needle: string): boolean {
  return [...needle].length >= 3;
}

/** At once, not after a window has come to rest: what is typed right after the shortcut would act on the page behind. */
function focusAtOnce(input: HTMLInputElement | null) {
  input?.focus();
}

/** Everything that can be done here, and every customer, found by typing. */
export default function Palette({ onClose, onConversation }: Props) {
  const { t } = useTranslation();
  const sees = useCan()("customers.read");
  const offered = useStore(commands);
  const [text, setText] = useState("");
  const [active, setActive] = useState(0);
  const [needle] = useDebouncedValue(text.trim(), 200);
  const list = useRef<HTMLUListElement>(null);
  const openCustomer = useOpenCustomer();
  const customers = useQuery({
    queryKey: keys.customerSearch(needle),
    queryFn: ({ signal }) => api.customers.list({ q: needle }, { limit: 8 }, signal),
    enabled: sees && isLongEnough(needle),
  });

  const rows = useMemo((): Row[] => {
    const own = Object.keys(offered).sort((a, b) => Number(a === "global") - Number(b === "global"));
    const found = rankCommands(own.flatMap((owner) => offered[owner] ?? []), text);
    const people = isLongEnough(needle) ? (customers.data?.items ?? []) : [];
    return [
      ...found,
      ...people.map((customer) => ({
        id: customer.id,
        group: t("palette.customers"),
        title: customer.name,
        customer: { id: customer.id, name: customer.name },
        run: () => openCustomer(customer, onConversation),
      })),
    ];
  }, [offered, text, needle, customers.data, openCustomer, onConversation, t]);
  // No customer is looked for yet, which is not to say that there is none.
  const tooShort = text.trim() !== "" && !isLongEnough(text.trim());
  const current = Math.min(active, Math.max(0, rows.length - 1));
  useEffect(() => {
    list.current?.querySelector('[aria-selected="true"]')?.scrollIntoView({ block: "nearest" });
  }, [current]);

  const choose = (row: Row | undefined) => {
    if (row === undefined) return;
    onClose();
    // After the palette has given the focus back.
    window.requestAnimationFrame(() => row.run());
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === "ArrowDown") setActive((current + 1) % Math.max(1, rows.length));
    else if (event.key === "ArrowUp") setActive((current - 1 + rows.length) % Math.max(1, rows.length));
    else if (event.key === "Enter") choose(rows[current]);
    else return;
    event.preventDefault();
  };

  return (
    <Dialog
      opened
      onClose={onClose}
      withCloseButton={false}
      padding={0}
      size={560}
      yOffset="12vh"
      centered={false}
      title={t("palette.open")}
      classNames={{ header: "visually-hidden" }}
    >
      <div className={classes.search}>
        <IconSearch size={18} stroke={1.7} aria-hidden="true" />
        <input
          ref={focusAtOnce}
          className={classes.input}
          role="combobox"
          aria-expanded="true"
          aria-controls="palette-list"
          aria-activedescendant={rows[current] === undefined ? undefined : `palette-${rows[current].id}`}
          aria-label={t("palette.label")}
          placeholder={t("palette.placeholder")}
          value={text}
          data-autofocus
          onChange={(event) => {
            setText(event.currentTarget.value);
            setActive(0);
          }}
          onKeyDown={onKeyDown}
        />
      </div>
      <ul ref={list} id="palette-list" className={classes.list} role="listbox" aria-label={t("palette.open")}>
        {rows.map((row, index) => (
          <li key={row.id} role="presentation">
            {rows[index - 1]?.group === row.group ? null : <div className={classes.group}>{row.group}</div>}
            <div
              id={`palette-${row.id}`}
              role="option"
              aria-selected={index === current}
              className={classes.row}
              onPointerMove={() => setActive(index)}
              onClick={() => choose(row)}
            >
              {row.customer === undefined ? (
                row.group === t("palette.go") ? (
                  <IconMessage size={17} stroke={1.7} aria-hidden="true" />
                ) : (
                  <IconCommand size={17} stroke={1.7} aria-hidden="true" />
                )
              ) : (
                <Avatar id={row.customer.id} name={row.customer.name} size={22} />
              )}
              <span className={classes.title}>{row.title}</span>
              {row.keys === undefined ? null : <Kbd keys={row.keys} />}
            </div>
          </li>
        ))}
        {rows.length === 0 || tooShort ? (
          <li className={classes.none} role="presentation">
            {tooShort ? t("palette.longer") : customers.isFetching ? t("common.loading") : t("palette.nothing")}
          </li>
        ) : null}
      </ul>
    </Dialog>
  );
}
