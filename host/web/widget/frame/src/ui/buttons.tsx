/** Buttons under a message: a ready answer, an address, the visitor's phone number or place. */
import { useState } from "preact/hooks";
import { safeUrl } from "../text/links.ts";
import type { Button, WidgetMessage } from "../wire.ts";
import { useScreen } from "./context.ts";
import { Icon } from "./icons.tsx";
import { mapUrl } from "./parts.tsx";

function PhoneForm({ done }: { done: () => void }) {
  const { chat, words } = useScreen();
  const { say } = words.value;
  const [phone, setPhone] = useState(chat.state.identity.value.phone ?? "");
  const usable = phone.replace(/\D/g, "").length >= 5;
  return (
    <form
      class="phone-form"
      onSubmit={(event) => {
        event.preventDefault();
        if (!usable) return;
        chat.outbox.add({ text: phone.trim() });
        done();
      }}
    >
      <input
        type="tel"
        autocomplete="tel"
        value={phone}
        aria-label={say("share_phone")}
        placeholder={say("share_phone")}
        ref={(field) => field?.focus()}
        onInput={(event) => setPhone(event.currentTarget.value)}
      />
      <button type="submit" class="choice" disabled={!usable}>
        {say("share_phone_send")}
      </button>
      <button type="button" class="choice" onClick={done}>
        {say("cancel")}
      </button>
    </form>
  );
}

export function Buttons({ message, pressed }: { message: WidgetMessage; pressed: Set<string> | undefined }) {
  const { chat, words } = useScreen();
  const { say } = words.value;
  const [asking, setAsking] = useState(false);
  const [noPlace, setNoPlace] = useState(false);
  const isPressed = (data: string): boolean => pressed?.has(data) ?? false;
  // One answer to one question: after a press, the other answers of this message are spent.
  const answered = message.buttons.flat().some((button) => button.kind === "reply" && isPressed(button.data ?? button.text));

  const press = (button: Button): void => {
    if (button.kind === "reply") {
      const data = button.data ?? button.text;
      chat.outbox.add({ text: button.text, button: { message_id: message.id, data } });
    } else if (button.kind === "contact") setAsking(true);
    else if (button.kind === "location") {
      setNoPlace(false);
      if (!("geolocation" in navigator)) return setNoPlace(true);
      navigator.geolocation.getCurrentPosition(
        ({ coords }) => chat.outbox.add({ text: say("share_location_text", { url: mapUrl(coords.latitude, coords.longitude) }) }),
        () => setNoPlace(true),
        { timeout: 15_000 },
      );
    }
  };

  if (asking) return <PhoneForm done={() => setAsking(false)} />;
  return (
    <div class="buttons">
      {message.buttons.map((row, index) => (
        <div class="buttons-row" key={index}>
          {row.map((button, place) => {
            const url = button.kind === "url" ? safeUrl(button.url) : null;
            if (button.kind === "url")
              return url ? (
                <a key={place} class="choice" href={url} target="_blank" rel="noopener noreferrer">
                  {button.text}
                  <Icon name="external" size={15} />
                </a>
              ) : null;
            const chosen = button.kind === "reply" && isPressed(button.data ?? button.text);
            return (
              <button
                key={place}
                type="button"
                class={chosen ? "choice chosen" : "choice"}
                aria-pressed={button.kind === "reply" ? chosen : undefined}
                disabled={button.kind === "reply" && answered}
                onClick={() => press(button)}
              >
                {chosen && <Icon name="check" size={15} />}
                {button.text}
              </button>
            );
          })}
        </div>
      ))}
      {noPlace && (
        <p class="problem" role="alert">
          {say("share_location_failed")}
        </p>
      )}
    </div>
  );
}
