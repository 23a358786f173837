import { Drawer } from "@mantine/core";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { ResizeHandle, usePaneWidth } from "~/components/resizable.tsx";
import { ConversationDetails } from "~/features/conversations/components/conversation-details.tsx";
import type { ConversationActions } from "~/features/conversations/hooks/use-conversation-actions.ts";
import { CustomerPanel } from "~/features/customers/components/customer-panel.tsx";
import { useHasRoomForPanel } from "~/lib/media.ts";
import { recall, remember } from "~/lib/storage.ts";
import { useConversation } from "~/queries/conversation.ts";
import { ConversationPane } from "./conversation-pane.tsx";
import { ConversationPlaceholder } from "./conversation-placeholder.tsx";
import classes from "./inbox-page.module.css";

interface Props {
  id: string;
  actions: ConversationActions;
  phone: boolean;
  onBack: () => void;
}

/** A conversation with its messages, and its customer beside it. */
export default function OpenConversation({ id, actions, phone, onBack }: Props) {
  const { t } = useTranslation();
  const roomy = useHasRoomForPanel();
  const query = useConversation(id);
  const side = usePaneWidth("customer", { initial: 300, min: 240, max: 440 });
  const [docked, setDocked] = useState(() => recall("panel.open", true));
  const [floating, setFloating] = useState(false);

  if (query.data === undefined) {
    return (
      <ConversationPlaceholder error={query.error} retry={() => void query.refetch()} onBack={phone ? onBack : null} />
    );
  }
  const conversation = query.data;
  const togglePanel = () => {
    if (!roomy) setFloating((open) => !open);
    else {
      remember("panel.open", !docked);
      setDocked(!docked);
    }
  };
  const panel = (onClose: (() => void) | null) => (
    <CustomerPanel customerId={conversation.customer.id} conversationId={id} onClose={onClose}>
      <ConversationDetails conversation={conversation} actions={actions} />
    </CustomerPanel>
  );
  return (
    <>
      <ConversationPane
        conversation={conversation}
        actions={actions}
        phone={phone}
        panelOpen={roomy ? docked : floating}
        onBack={onBack}
        onPanel={togglePanel}
      />
      {roomy && docked ? (
        <aside className={classes.side} style={{ width: side.width }} aria-label={t("customer.panel")}>
          <ResizeHandle label={t("common.resize_panel")} pane={side} side="right" />
          {panel(null)}
        </aside>
      ) : null}
      <Drawer
        opened={!roomy && floating}
        onClose={() => setFloating(false)}
        position="right"
        size={phone ? "100%" : 340}
        withCloseButton={false}
        padding={0}
        transitionProps={{ duration: 160 }}
        title={t("customer.panel")}
        classNames={{ header: "visually-hidden", body: classes.drawer }}
      >
        {panel(() => setFloating(false))}
      </Drawer>
    </>
  );
}
