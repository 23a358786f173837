import type { Part } from "@omnichat/api-client/types";
import { IconAlertCircle, IconCash, IconChartBar, IconChecklist, IconGift, IconInfoCircle } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { useNumber } from "~/lib/numbers.ts";
import { safeUrl } from "~/lib/rich-text.ts";
import { moment } from "~/lib/time.ts";
import { money } from "../money.ts";
import classes from "./notice-view.module.css";

export type Notice = Extract<Part, { type: "notice" }>;
type Fact = Notice["facts"][number];

/** What a platform has and we only show: a poll, an invoice, a gift. */
export function NoticeView({ part }: { part: Notice }) {
  const { t } = useTranslation();
  const Icon = iconOf(part.kind);
  return (
    <div className={classes.notice} data-testid="notice" data-kind={part.kind}>
      <Icon size={20} stroke={1.7} aria-hidden="true" />
      <div className={classes.lines}>
        <span className={part.title === "" ? classes.title : classes.kind}>{t(`message.kind.${part.kind}`)}</span>
        {part.title === "" ? null : <span className={classes.title}>{part.title}</span>}
        {part.facts.length === 0 ? null : (
          <ul className={classes.facts}>
            {part.facts.map((fact, index) => (
              <FactLine key={index} fact={fact} />
            ))}
          </ul>
        )}
      </div>
    </div>
  );
}

function FactLine({ fact }: { fact: Fact }) {
  const { t } = useTranslation();
  const number = useNumber();
  const url = fact.url === null ? null : safeUrl(fact.url);
  const said = fact.currency === null ? fact.text : money(fact.text, fact.currency, number);
  const words = said === "" && fact.at !== null ? moment(fact.at) : said === "" ? (fact.url ?? "") : said;
  const count = fact.count === null ? null : number(fact.count);
  return (
    <li className={classes.fact}>
      {fact.label === "text" ? null : <span className={classes.label}>{t(`message.fact.${fact.label}`)}</span>}
      <span className={classes.value}>
        {url === null ? (
          words
        ) : (
          <a href={url} target="_blank" rel="noopener noreferrer nofollow">
            {words}
          </a>
        )}
        {count === null ? null : <span className={classes.count}>{words === "" ? count : ` · ${count}`}</span>}
      </span>
    </li>
  );
}

function iconOf(kind: Notice["kind"]) {
  switch (kind) {
    case "invoice":
    case "pre_checkout":
    case "payment":
    case "refund":
    case "paid_media":
      return IconCash;
    case "poll":
    case "poll_answer":
    case "poll_change":
      return IconChartBar;
    case "checklist":
    case "tasks_done":
    case "tasks_added":
      return IconChecklist;
    case "gift":
    case "giveaway":
    case "giveaway_winners":
      return IconGift;
    case "empty":
    case "withheld":
      return IconAlertCircle;
    default:
      return IconInfoCircle;
  }
}
