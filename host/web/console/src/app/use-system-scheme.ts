import { useMediaQuery } from "@mantine/hooks";

const query = "(prefers-color-scheme: dark)";

export function useSystemScheme(): "light" | "dark" {
  return (useMediaQuery(query, window.matchMedia(query).matches) ?? false) ? "dark" : "light";
}
