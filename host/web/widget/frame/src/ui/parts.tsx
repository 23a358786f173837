/** What a message holds besides text and files: a place, a contact, a sticker, something that cannot be shown. */
import type { Part } from "../wire.ts";
import { useScreen } from "./context.ts";
import { Icon } from "./icons.tsx";

export function mapUrl(latitude: number, longitude: number): string {
  return `https://www.openstreetmap.org/?mlat=${latitude}&mlon=${longitude}#map=16/${latitude}/${longitude}`;
}

export function PartView({ part }: { part: Part }) {
  const { say } = useScreen().words.value;
  switch (part.type) {
    case "location":
      return (
        <a class="doc" href={mapUrl(part.latitude, part.longitude)} target="_blank" rel="noopener noreferrer">
          <span class="doc-icon">
            <Icon name="pin" />
          </span>
          <span class="doc-text">
            <span class="doc-name">{part.title ?? say("location")}</span>
            <span class="doc-size">{part.address ?? say("location_open")}</span>
          </span>
        </a>
      );
    case "contact":
      return (
        <a class="doc" href={`tel:${part.phone.replace(/[^\d+]/g, "")}`}>
          <span class="doc-icon">
            <Icon name="person" />
          </span>
          <span class="doc-text">
            <span class="doc-name">{part.name}</span>
            <span class="doc-size">{part.phone}</span>
          </span>
        </a>
      );
    case "sticker":
      return part.emoji ? <span class="emoji">{part.emoji}</span> : null;
    case "button_press":
      return null;
    case "notice": {
      const words = [part.title, ...part.facts.map((fact) => fact.text)].filter((text) => text !== "");
      return <span class="muted">{say("unsupported", { summary: words.join(", ") || part.kind })}</span>;
    }
    case "unsupported":
      return <span class="muted">{say("unsupported", { summary: part.summary })}</span>;
    case "system":
      return null;
  }
}
