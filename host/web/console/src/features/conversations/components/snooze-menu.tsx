import { Button, Group, Menu, TextInput } from "@mantine/core";
import { IconCalendarTime, IconClock } from "@tabler/icons-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Dialog } from "~/components/dialog.tsx";
import { IconButton } from "~/components/icon-button.tsx";
import { clock, dayTitle } from "~/lib/time.ts";
import { snoozeChoices } from "../snooze-times.ts";

interface Props {
  opened: boolean;
  onChange: (opened: boolean) => void;
  onSnooze: (until: Date, words: string) => void;
}

/** The words for a moment: "Tomorrow, 09:00". */
export function whenWords(at: Date): string {
  return `${dayTitle(at.getTime())}, ${clock(at.getTime())}`;
}

export function SnoozeMenu({ opened, onChange, onSnooze }: Props) {
  const { t } = useTranslation();
  const [picking, setPicking] = useState(false);
  const choose = (at: Date) => onSnooze(at, whenWords(at));
  return (
    <>
      <Menu opened={opened} onChange={onChange} width={230}>
        <Menu.Target>
          <IconButton label={t("conversation.snooze")} keys="S">
            <IconClock size={18} stroke={1.7} />
          </IconButton>
        </Menu.Target>
        <Menu.Dropdown>
          {snoozeChoices(new Date()).map(({ id, at }) => (
            <Menu.Item
              key={id}
              onClick={() => choose(at)}
              rightSection={<small className="tabular">{clock(at.getTime())}</small>}
            >
              {t(`snooze.${id}`)}
            </Menu.Item>
          ))}
          <Menu.Divider />
          <Menu.Item leftSection={<IconCalendarTime size={16} stroke={1.7} />} onClick={() => setPicking(true)}>
            {t("snooze.pick")}
          </Menu.Item>
        </Menu.Dropdown>
      </Menu>
      <Dialog
        opened={picking}
        onClose={() => setPicking(false)}
        title={t("conversation.snooze")}
        size="xs"
      >
        <PickMoment
          onPick={(at) => {
            setPicking(false);
            choose(at);
          }}
        />
      </Dialog>
    </>
  );
}

function PickMoment({ onPick }: { onPick: (at: Date) => void }) {
  const { t } = useTranslation();
  const [text, setText] = useState("");
  const at = text === "" ? null : new Date(text);
  const past = at !== null && at.getTime() <= Date.now();
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        if (at !== null && !past) onPick(at);
      }}
    >
      <TextInput
        type="datetime-local"
        label={t("snooze.pick")}
        value={text}
        error={past ? t("snooze.past") : null}
        data-autofocus
        onChange={(event) => setText(event.currentTarget.value)}
      />
      <Group justify="flex-end" mt="md">
        <Button type="submit" disabled={at === null || past}>
          {t("conversation.snooze")}
        </Button>
      </Group>
    </form>
  );
}
