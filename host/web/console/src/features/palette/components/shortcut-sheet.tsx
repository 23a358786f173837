import { useTranslation } from "react-i18next";
import { Dialog } from "~/components/dialog.tsx";
import { Kbd } from "~/components/icon-button.tsx";
import classes from "./palette.module.css";

const groups: { id: string; keys: [string, string][] }[] = [
  {
    id: "list",
    keys: [
      ["J", "next"],
      ["K", "previous"],
      ["Enter", "open"],
    ],
  },
  {
    id: "conversation",
    keys: [
      ["R", "reply"],
      ["N", "note"],
      ["E", "resolve"],
      ["A", "assign"],
      ["S", "snooze"],
      ["T", "tag"],
      ["/", "phrase"],
      ["Esc", "back"],
    ],
  },
  {
    id: "everywhere",
    keys: [
      ["Ctrl K", "palette"],
      ["?", "sheet"],
    ],
  },
];

export default function ShortcutSheet({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation();
  return (
    <Dialog opened onClose={onClose} title={t("shortcuts.title")} size="sm">
      <div className={classes.sheet}>
        {groups.map((group) => (
          <section key={group.id}>
            <h3>{t(`shortcuts.${group.id}`)}</h3>
            <dl className={classes.keys}>
              {group.keys.map(([keys, what]) => (
                <div key={what} className={classes.pair}>
                  <dt>{t(`shortcuts.${what}`)}</dt>
                  <dd>
                    <Kbd keys={keys} />
                  </dd>
                </div>
              ))}
            </dl>
          </section>
        ))}
      </div>
    </Dialog>
  );
}
