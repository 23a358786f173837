/** Icons: one stroke, drawn on a grid of 24. Decoration only: the control around an icon carries its name. */

const PATHS = {
  close: "M6 6l12 12M18 6L6 18",
  attach: "M15.5 7l-6.9 6.9a1.8 1.8 0 0 0 2.5 2.5l6.9-6.9a3.6 3.6 0 0 0-5.1-5.1L6 11.3a5.4 5.4 0 0 0 7.6 7.6l6-6",
  send: "M12 19V5M5.5 11.5 12 5l6.5 6.5",
  file: "M14 3v4.5a1 1 0 0 0 1 1h4M17.5 21h-11A1.5 1.5 0 0 1 5 19.5v-15A1.5 1.5 0 0 1 6.5 3H14l5 5.5v11a1.5 1.5 0 0 1-1.5 1.5z",
  download: "M12 4v11M7.5 11l4.5 4.5 4.5-4.5M5 19.5h14",
  external: "M11 6H6.5A1.5 1.5 0 0 0 5 7.5v10A1.5 1.5 0 0 0 6.5 19h10a1.5 1.5 0 0 0 1.5-1.5V13M14 4.5h5.5V10M19 5l-8.5 8.5",
  play: "M8 5.5v13l10.5-6.5z",
  pause: "M8.5 6v12M15.5 6v12",
  pin: "M12 21s-6.5-5.5-6.5-10.5a6.5 6.5 0 0 1 13 0C18.5 15.5 12 21 12 21zM12 13a2.5 2.5 0 1 0 0-5 2.5 2.5 0 0 0 0 5z",
  person: "M12 11.5a3.75 3.75 0 1 0 0-7.5 3.75 3.75 0 0 0 0 7.5zM5 20c.5-3.5 3.2-5.5 7-5.5s6.5 2 7 5.5",
  left: "M14.5 6l-6 6 6 6",
  right: "M9.5 6l6 6-6 6",
  down: "M12 5v14M5.5 12.5 12 19l6.5-6.5",
  alert: "M12 8v5M12 16.2v.1M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18z",
  retry: "M19.5 12a7.5 7.5 0 1 1-2.2-5.3L19.5 9M19.5 4.5V9H15",
  chat: "M20.5 11.5a8 8 0 0 1-11.7 7.1L4 20l1.5-4.7A8 8 0 1 1 20.5 11.5z",
  bot: "M8 8h8a3 3 0 0 1 3 3v4.5a3 3 0 0 1-3 3H8a3 3 0 0 1-3-3V11a3 3 0 0 1 3-3zM12 8V4.5M9.5 13v.5M14.5 13v.5",
  check: "M5 12.5l4.5 4.5L19 7.5",
  checks: "M3 12.5 7.5 17 16 7.5M11.5 16l1 1L21 7.5",
} as const;

export type IconName = keyof typeof PATHS;

export function Icon({ name, size = 20 }: { name: IconName; size?: number }) {
  return (
    <svg class="icon" viewBox="0 0 24 24" width={size} height={size} aria-hidden="true">
      <path d={PATHS[name]} />
    </svg>
  );
}
