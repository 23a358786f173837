import { useQueryClient } from "@tanstack/react-query";
import { Outlet, useLocation, useNavigate } from "@tanstack/react-router";
import { lazy, Suspense, useEffect, useState } from "react";
import { OfflineBanner } from "~/components/offline-banner.tsx";
import { startOutbox } from "~/features/messages/hooks/sending.ts";
import { useIsPhone } from "~/lib/media.ts";
import { useShortcuts } from "~/lib/shortcuts.ts";
import { useMe } from "~/queries/me.ts";
import { connectRealtime } from "~/realtime/connection.ts";
import { Barred, useBarred } from "./barred.tsx";
import { BottomBar } from "./bottom-bar.tsx";
import { Rail } from "./rail.tsx";
import classes from "./shell.module.css";
import { useGlobalCommands } from "./use-global-commands.ts";

const Palette = lazy(() => import("~/features/palette/components/palette.tsx"));
const ShortcutSheet = lazy(() => import("~/features/palette/components/shortcut-sheet.tsx"));

/** What stands around every signed-in page: areas, connection, palette, the keyboard sheet. */
export function Shell() {
  const me = useMe();
  const client = useQueryClient();
  const phone = useIsPhone();
  const navigate = useNavigate();
  const [open, setOpen] = useState<"palette" | "sheet" | null>(null);
  const meId = me.operator.id;
  const barred = useBarred(useLocation().pathname);

  useEffect(() => connectRealtime(client, meId), [client, meId]);
  useEffect(() => startOutbox(client, me.operator), [client, meId]);
  useGlobalCommands(() => setOpen("sheet"));
  useShortcuts({
    "Mod+KeyK": () => setOpen((now) => (now === "palette" ? null : "palette")),
    "Shift+Slash": () => setOpen("sheet"),
  });

  return (
    <div className={classes.shell}>
      {phone ? null : <Rail onPalette={() => setOpen("palette")} />}
      <div className={classes.main}>
        <OfflineBanner />
        <div className={classes.page}>
          {barred === null ? <Outlet /> : <Barred why={barred} />}
        </div>
        {phone ? <BottomBar /> : null}
      </div>
      <Suspense fallback={null}>
        {open === "palette" ? (
          <Palette
            onClose={() => setOpen(null)}
            onConversation={(id) =>
              void navigate({ to: "/inbox/$conversationId", params: { conversationId: id }, search: (s) => s })
            }
          />
        ) : null}
        {open === "sheet" ? <ShortcutSheet onClose={() => setOpen(null)} /> : null}
      </Suspense>
    </div>
  );
}
