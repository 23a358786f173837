import type { ErrorComponentProps } from "@tanstack/react-router";
import { ErrorState } from "~/components/states.tsx";

/** A page that broke: its neighbours and the rail stay. */
export function RouteError({ error, reset }: ErrorComponentProps) {
  return <ErrorState error={error} retry={reset} />;
}
