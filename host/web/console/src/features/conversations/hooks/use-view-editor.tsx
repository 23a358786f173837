import type { ConversationQuery, View } from "@omnichat/api-client/types";
import { useNavigate } from "@tanstack/react-router";
import { lazy, type ReactNode, Suspense, useState } from "react";
import { useTranslation } from "react-i18next";
import { Confirm } from "~/components/confirm.tsx";
import { notify, notifyError } from "~/lib/toasts.ts";
import { useCan } from "~/queries/me.ts";
import { useViewMutations } from "~/queries/views.ts";

const ViewDialog = lazy(() => import("../components/view-dialog.tsx"));

export interface ViewEditor {
  mayChange: (view: View) => boolean;
  /** Opens the window for a new view that starts with this. */
  add: (start: Required<ConversationQuery>) => void;
  edit: (view: View) => void;
  /** Asks first. */
  remove: (view: View) => void;
  /** The windows, to be put on the page. */
  windows: ReactNode;
}

type Open = { view: null; start: Required<ConversationQuery> } | { view: View };

/** What can be done to saved views, of which this one is shown. */
export function useViewEditor(shownId: string | undefined): ViewEditor {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const shares = useCan()("views.manage");
  const { remove } = useViewMutations();
  const [open, setOpen] = useState<Open | null>(null);
  // The window that asks still says of which view while it leaves.
  const [doomed, setDoomed] = useState<View | null>(null);
  const [confirming, setConfirming] = useState(false);
  const close = () => setOpen(null);
  const onRemove = (view: View) => {
    remove.mutate(view.id, {
      onSuccess: () => {
        // Of the view that is shown it is said anyway that it is gone.
        if (view.id !== shownId) notify(t("views.deleted", { name: view.name }));
      },
      onError: (error) => notifyError(error, t("views.not_deleted")),
      onSettled: () => setConfirming(false),
    });
  };
  return {
    mayChange: ({ owner_id }) => owner_id !== null || shares,
    add: (start) => setOpen({ view: null, start }),
    edit: (view) => setOpen({ view }),
    remove: (view) => {
      setDoomed(view);
      setConfirming(true);
    },
    windows: (
      <>
        {open === null ? null : (
          <Suspense fallback={null}>
            <ViewDialog
              view={open.view}
              start={open.view ?? open.start}
              onClose={close}
              onMade={({ id }) => void navigate({ to: "/inbox", search: { view: id } })}
            />
          </Suspense>
        )}
        <Confirm
          opened={confirming}
          title={t("views.delete_title")}
          text={t(doomed?.owner_id === null ? "views.delete_shared" : "views.delete_own", { name: doomed?.name })}
          action={t("views.delete")}
          busy={remove.isPending}
          onConfirm={() => {
            if (doomed !== null) onRemove(doomed);
          }}
          onClose={() => setConfirming(false)}
        />
      </>
    ),
  };
}
