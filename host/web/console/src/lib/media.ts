import { useMediaQuery } from "@mantine/hooks";

/** One pane at a time below this width. */
export const phoneQuery = "(max-width: 760px)";

export function useIsPhone(): boolean {
  return useMediaQuery(phoneQuery, window.matchMedia(phoneQuery).matches) ?? false;
}

/** Wide enough for the customer's panel beside the conversation. */
export function useHasRoomForPanel(): boolean {
  const query = "(min-width: 1120px)";
  return useMediaQuery(query, window.matchMedia(query).matches) ?? true;
}
