/** Who the visitor talks to, and whether somebody is there. */
import { Avatar } from "./avatar.tsx";
import { useScreen } from "./context.ts";
import { Icon } from "./icons.tsx";

export function Header() {
  const { chat, words, close } = useScreen();
  const { config, conversation, online, typist, stage } = chat.state;
  const { say } = words.value;
  const operator = conversation.value && conversation.value.status !== "closed" ? conversation.value.operator : null;
  const known = config.value !== null;
  return (
    <header class="header">
      {known && (
        <>
          <span class={online.value ? "face on" : "face"}>
            <Avatar name={operator?.name ?? null} url={operator?.avatar_url ?? null} size={38} />
          </span>
          <div class="who">
            <h1 id="title">{operator?.name ?? config.value?.title}</h1>
            <p>
              {typist.value && stage.value === "chat" ? (
                <span class="accent-text">{say("typing")}</span>
              ) : (
                say(online.value ? "online" : "away")
              )}
            </p>
          </div>
        </>
      )}
      <button type="button" class="icon-button" aria-label={say("close")} title={`${say("close")} (Esc)`} onClick={close}>
        <Icon name="close" />
      </button>
    </header>
  );
}
