import type { Tag } from "@omnichat/api-client/types";
import { useTranslation } from "react-i18next";
import { Confirm } from "~/components/confirm.tsx";
import { notify, notifyError } from "~/lib/toasts.ts";
import { useTagMutations } from "~/queries/tags.ts";

/** Asks before a tag is deleted, and says what becomes of conversations that carry it. */
export function DeleteTag({ tag, onClose }: { tag: Tag; onClose: () => void }) {
  const { t } = useTranslation();
  const { remove } = useTagMutations();
  return (
    <Confirm
      opened
      title={t("tags.delete_title")}
      text={t("tags.delete_text", { name: tag.name })}
      action={t("tags.delete")}
      busy={remove.isPending}
      onClose={onClose}
      onConfirm={() =>
        remove.mutate(tag.id, {
          onSuccess: () => notify(t("tags.deleted", { name: tag.name })),
          onError: (error) => notifyError(error, t("tags.not_deleted")),
          onSettled: onClose,
        })
      }
    />
  );
}
