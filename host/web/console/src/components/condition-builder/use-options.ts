import type { ConditionValue } from "@omnichat/api-client/types";
import { useTranslation } from "react-i18next";
import { chatKinds, type FieldType, priorities, statuses } from "~/lib/condition.ts";
import { useKindTitles } from "~/queries/channels.ts";
import { useInboxes } from "~/queries/inboxes.ts";
import { useOperators } from "~/queries/operators.ts";

export interface Option {
  value: string;
  label: string;
}

/** What can be chosen for a field; null where the value is typed. What is chosen and not offered, or not yet, stays choosable. */
export function useOptions(type: FieldType, chosen: ConditionValue | null): Option[] | null {
  const { t } = useTranslation();
  const inboxes = useInboxes();
  const operators = useOperators();
  const titleOf = useKindTitles();
  const held = [chosen].flat().filter((value) => typeof value === "string");
  const offered = (): Option[] | null => {
    switch (type) {
      case "status":
        return statuses.map((value) => ({ value, label: t(`status.${value}`) }));
      case "priority":
        return priorities.map((value) => ({ value, label: t(`priority.${value}`) }));
      case "chat_kind":
        return chatKinds.map((value) => ({ value, label: t(`condition.chat_kind.${value}`) }));
      case "inbox":
        return (inboxes.data?.items ?? []).map(({ id, title }) => ({ value: id, label: title }));
      case "channel":
        return [...new Set([...(inboxes.data?.items ?? []).map(({ kind }) => kind), ...held])].map((value) => ({ value, label: titleOf(value) }));
      case "operator":
      case "operators":
        return [
          { value: "me", label: t("filters.me") },
          ...(operators.data?.items ?? []).map(({ id, name }) => ({ value: id, label: name })),
        ];
      default:
        return null;
    }
  };
  const options = offered();
  if (options === null) return null;
  const missing = held.filter((value) => !options.some((option) => option.value === value));
  const source = type === "inbox" ? inboxes : type === "operator" || type === "operators" ? operators : null;
  const labelOf = (value: string) => {
    if (source?.isLoading === true) return t("common.loading");
    return source?.isError === true && source.data === undefined ? value : t("condition.gone");
  };
  return [...options, ...missing.map((value) => ({ value, label: labelOf(value) }))];
}
