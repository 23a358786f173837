import { MantineProvider } from "@mantine/core";
import { QueryClientProvider } from "@tanstack/react-query";
import { RouterProvider } from "@tanstack/react-router";
import { useEffect } from "react";
import { ErrorState, Delayed, PageSkeleton } from "~/components/states.tsx";
import { Toasts } from "~/components/toasts.tsx";
import { session } from "~/lib/api.ts";
import { setLocale } from "~/lib/i18n.ts";
import { onSessionAnnounced } from "~/lib/session-tabs.ts";
import { useStore } from "~/lib/store.ts";
import { themeChoice } from "~/lib/theme.ts";
import { keys } from "~/queries/keys.ts";
import { ApiError } from "@omnichat/api-client/error";
import { queryClient } from "./query-client.ts";
import { router } from "./router.tsx";
import { cssVariables, theme } from "./theme.ts";
import { useSystemScheme } from "./use-system-scheme.ts";

export function App() {
  const choice = useStore(themeChoice);
  const system = useSystemScheme();
  return (
    <MantineProvider
      theme={theme}
      cssVariablesResolver={cssVariables}
      forceColorScheme={choice === "system" ? system : choice}
    >
      <QueryClientProvider client={queryClient}>
        <Gate />
        <Toasts />
      </QueryClientProvider>
    </MantineProvider>
  );
}

/** Finds out who is signed in before any page decides what to show. */
function Gate() {
  const state = useStore(session.state);
  useEffect(() => {
    void session.renew();
    return onSessionAnnounced((word) => {
      if (word === "signed_out") session.drop("left");
      else if (session.state.get().phase !== "signed_in") void session.renew();
    });
  }, []);
  const { phase } = state;
  useEffect(() => {
    if (phase !== "unreachable") return;
    const timer = window.setInterval(() => void session.renew(), 5000);
    return () => window.clearInterval(timer);
  }, [phase]);
  const meId = state.phase === "signed_in" ? state.session.me.operator.id : null;
  useEffect(() => {
    // Pages leave first: they could not live with an empty cache.
    void router.invalidate().then(() => {
      if (session.token() === null) queryClient.clear();
    });
  }, [meId]);

  if (state.phase === "restoring") return <Delayed ms={400}><PageSkeleton /></Delayed>;
  if (state.phase === "unreachable") {
    return (
      <ErrorState
        error={new ApiError({ status: 0, code: "network" })}
        retry={() => {
          session.state.set({ phase: "restoring" });
          void session.renew();
        }}
      />
    );
  }
  return <RouterProvider router={router} />;
}

// Restoring a session fills the cache before the first page reads it.
session.onToken(() => {
  const state = session.state.get();
  if (state.phase !== "signed_in") return;
  queryClient.setQueryData(keys.me, state.session.me);
  const { locale } = state.session.me.operator;
  if (locale !== null) void setLocale(locale);
});
