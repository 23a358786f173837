import { Button, Menu, TextInput } from "@mantine/core";
import { IconClock } from "@tabler/icons-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { clock, dayTitle } from "~/lib/time.ts";
import { snoozeChoices } from "../snooze-times.ts";
import { IconButton } from "~/components/icon-button.tsx";

interface Props {
  opened: boolean;
  onChange: (opened: boolean) => void;
  onSnooze: (until: Date, words: string) => void;
}

/** The words for a moment: "Tomorrow, 09:00". */
export function whenWords(at: Date): string {
  const day = dayTitle(at.getTime());
  return `${day}, ${clock(at.getTime())}`;
}

export function SnoozeMenu({ opened, onChange, onSnooze }: Props) {
  const { t } = useTranslation();
  const [custom, setCustom] = useState("");
  const choose = (at: Date) => {
    onChange(false);
    onSnooze(at, whenWords(at));
  };
  const picked = custom === "" ? null : new Date(custom);
  return (
    <Menu opened={opened} onChange={onChange} width={310} trapFocus>
      <Menu.Target>
        <IconButton label={t("conversation.snooze")} keys="S">
          <IconClock size={18} stroke={1.7} />
        </IconButton>
      </Menu.Target>
      <Menu.Dropdown>
        {snoozeChoices(new Date()).map(({ id, at }) => (
          <Menu.Item key={id} onClick={() => choose(at)} rightSection={<small className="tabular">{clock(at.getTime())}</small>}>
            {t(`snooze.${id}`)}
          </Menu.Item>
        ))}
        <Menu.Divider />
        <form
          style={{ display: "flex", gap: 6, padding: 6 }}
          onSubmit={(event) => {
            event.preventDefault();
            if (picked !== null && picked.getTime() > Date.now()) choose(picked);
          }}
        >
          <TextInput
            type="datetime-local"
            aria-label={t("snooze.pick")}
            value={custom}
            style={{ flex: 1 }}
            onChange={(event) => setCustom(event.currentTarget.value)}
          />
          <Button type="submit" variant="default" px={12} style={{ flex: "none" }} disabled={picked === null || picked.getTime() <= Date.now()}>
            {t("common.set")}
          </Button>
        </form>
      </Menu.Dropdown>
    </Menu>
  );
}
