import { TextInput } from "@mantine/core";
import type { Operator } from "@omnichat/api-client/types";
import { IconSearch } from "@tabler/icons-react";
import { type KeyboardEvent, useMemo, useState } from "react";
import { useTranslation } from "react-i18next";
import { useOperators } from "~/queries/operators.ts";
import { Avatar } from "./avatar.tsx";
import classes from "./operator-picker.module.css";

interface Props {
  label: string;
  /** Operators that make no sense here. */
  exclude: (operator: Operator) => boolean;
  selected?: string | null;
  onPick: (operator: Operator) => void;
}

const rank = { online: 0, break: 1, offline: 2 };

/** Who is here and how busy; typed into to narrow, arrows and Enter to pick. */
export function OperatorPicker({ label, exclude, selected = null, onPick }: Props) {
  const { t } = useTranslation();
  const { data } = useOperators();
  const [text, setText] = useState("");
  const [active, setActive] = useState(0);
  const shown = useMemo(() => {
    const needle = text.trim().toLowerCase();
    return (data?.items ?? [])
      .filter((o) => !o.disabled && !o.invited && !exclude(o))
      .filter((o) => o.name.toLowerCase().includes(needle) || o.email.toLowerCase().includes(needle))
      .sort((a, b) => rank[a.status] - rank[b.status] || a.name.localeCompare(b.name));
  }, [data, text, exclude]);
  const current = Math.min(active, Math.max(0, shown.length - 1));

  const onKey = (event: KeyboardEvent) => {
    if (event.key === "ArrowDown") setActive(Math.min(shown.length - 1, current + 1));
    else if (event.key === "ArrowUp") setActive(Math.max(0, current - 1));
    else if (event.key === "Enter") {
      const operator = shown[current];
      if (operator !== undefined) onPick(operator);
    } else return;
    event.preventDefault();
  };

  return (
    <div className={classes.root}>
      <TextInput
        aria-label={label}
        placeholder={label}
        leftSection={<IconSearch size={16} stroke={1.8} />}
        value={text}
        onChange={(event) => {
          setText(event.currentTarget.value);
          setActive(0);
        }}
        onKeyDown={onKey}
        data-autofocus
      />
      <ul className={classes.list} aria-label={label}>
        {shown.map((operator, index) => (
          <li key={operator.id}>
            <button
              type="button"
              className={classes.item}
              data-active={index === current}
              aria-pressed={operator.id === selected}
              onClick={() => onPick(operator)}
              onPointerMove={() => setActive(index)}
            >
              <Avatar id={operator.id} name={operator.name} url={operator.avatar_url} size={26} status={operator.status} />
              <span className={classes.name}>{operator.name}</span>
              <span className={classes.load} title={t("team.load_hint")}>
                {operator.load}/{operator.capacity}
              </span>
            </button>
          </li>
        ))}
        {shown.length === 0 ? <li className={classes.none}>{t("common.nobody_found")}</li> : null}
      </ul>
    </div>
  );
}
