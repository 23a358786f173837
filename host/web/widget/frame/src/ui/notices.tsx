/** The screens and strips that say how the chat itself is doing. */
import { useScreen } from "./context.ts";
import { Icon } from "./icons.tsx";

/** Shown only after the connection has been away for a while. */
export function LostStrip() {
  const { chat, words } = useScreen();
  const { lost } = chat.state;
  return (
    <div class="strip" role="status">
      {lost.value && <p>{words.value.say("reconnecting")}</p>}
    </div>
  );
}

/** In the shape of what comes; the stylesheet shows it only after 150 ms. */
export function Skeleton() {
  return (
    <div class="page skeleton" aria-hidden="true">
      <i class="in long" />
      <i class="in" />
      <i class="out" />
      <i class="in long" />
    </div>
  );
}

export function Failed() {
  const { chat, words } = useScreen();
  const { say } = words.value;
  const problem = chat.state.failure.value;
  const lasting = problem !== null && !problem.passing;
  return (
    <div class="page failed" role="alert">
      <Icon name="alert" size={32} />
      <h2>{say("failed_title")}</h2>
      <p class="muted">{say(lasting ? "failed_gone" : "failed_text")}</p>
      <button type="button" class="primary" onClick={() => chat.retry()}>
        {say("retry")}
      </button>
      {problem?.requestId && <p class="small">{say("request_id", { id: problem.requestId })}</p>}
    </div>
  );
}

/** In the composer's place when the conversation is over. */
export function ClosedBar() {
  const { chat, words } = useScreen();
  const { say } = words.value;
  return (
    <div class="closed-bar">
      <span class="muted">{say("closed_bar")}</span>
      <button type="button" class="primary" onClick={() => (chat.state.fresh.value = true)}>
        {say("start_new")}
      </button>
    </div>
  );
}
