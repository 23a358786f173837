import type { ComponentProps } from "react";
import { lazily, notFetched } from "../lazily.tsx";
import { ConversationPlaceholder } from "./conversation-placeholder.tsx";
import type OpenConversation from "./open-conversation.tsx";

type Props = ComponentProps<typeof OpenConversation>;

const conversation = lazily<Props>(async () => (await import("./open-conversation.tsx")).default);

/** Fetches what shows a conversation, which the list does not wait for. */
export const loadConversation = conversation.load;

/** A conversation, as soon as what shows it has come: at once when it is here. That it does not come is said in its place. */
export function LazyConversation(props: Props) {
  const { Part, failed, retry } = conversation.useIt();
  if (Part !== null) return <Part {...props} />;
  return (
    <ConversationPlaceholder error={failed ? notFetched : null} retry={retry} onBack={props.phone ? props.onBack : null} />
  );
}
