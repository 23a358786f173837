import {
  createRootRoute,
  createRoute,
  createRouter,
  Outlet,
  redirect,
} from "@tanstack/react-router";
import { parseInboxSearch } from "~/features/conversations/search.ts";
import { parseCustomerSearch } from "~/features/customers/search.ts";
import { PageSkeleton } from "~/components/states.tsx";
import { session } from "~/lib/api.ts";
import { lazyPage } from "./lazily.tsx";
import { InboxPage } from "./pages/inbox-page.tsx";
import { NotFoundPage } from "./pages/not-found-page.tsx";
import { RouteError } from "./pages/route-error.tsx";
import { Shell } from "./shell/shell.tsx";

const root = createRootRoute({ component: Outlet });

const signedOut = createRoute({
  getParentRoute: () => root,
  path: "/sign-in",
  validateSearch: (search): { next?: string } =>
    typeof search["next"] === "string" && /^\/[^/\\]/.test(search["next"]) ? { next: search["next"] } : {},
  beforeLoad: ({ search }) => {
    if (session.token() !== null) throw redirect({ href: search.next ?? "/inbox" });
  },
  component: lazyPage(async () => (await import("~/features/auth/components/sign-in-page.tsx")).SignInPage),
});

const setup = createRoute({
  getParentRoute: () => root,
  path: "/setup",
  component: lazyPage(async () => (await import("./pages/setup-page.tsx")).SetupPage),
});

const invite = createRoute({
  getParentRoute: () => root,
  path: "/invite",
  component: lazyPage(async () => (await import("./pages/invite-page.tsx")).InvitePage),
});

const signedIn = createRoute({
  getParentRoute: () => root,
  id: "signed-in",
  beforeLoad: ({ location }) => {
    const state = session.state.get();
    if (state.phase === "signed_in") return;
    // Who left on purpose does not come back to the same page, perhaps as somebody else.
    const left = state.phase === "signed_out" && state.reason === "left";
    throw redirect({ to: "/sign-in", search: left || location.href === "/" ? {} : { next: location.href } });
  },
  component: Shell,
  notFoundComponent: NotFoundPage,
});

const home = createRoute({
  getParentRoute: () => signedIn,
  path: "/",
  beforeLoad: () => {
    throw redirect({ to: "/inbox" });
  },
});

const inbox = createRoute({
  getParentRoute: () => signedIn,
  path: "/inbox",
  validateSearch: parseInboxSearch,
  component: InboxPage,
});
const inboxEmpty = createRoute({ getParentRoute: () => inbox, path: "/", component: () => null });
const inboxConversation = createRoute({
  getParentRoute: () => inbox,
  path: "$conversationId",
  component: () => null,
});

const customers = createRoute({
  getParentRoute: () => signedIn,
  path: "/customers",
  validateSearch: parseCustomerSearch,
  component: lazyPage(async () => (await import("~/features/customers/components/customers-page.tsx")).CustomersPage),
});

const channels = createRoute({
  getParentRoute: () => signedIn,
  path: "/channels",
  component: lazyPage(async () => (await import("~/features/inboxes/components/inboxes-page.tsx")).InboxesPage),
});
const newChannel = createRoute({
  getParentRoute: () => signedIn,
  path: "/channels/new",
  validateSearch: (search): { kind?: string } => (typeof search["kind"] === "string" ? { kind: search["kind"] } : {}),
  component: lazyPage(async () => (await import("~/features/inboxes/components/new-inbox-page.tsx")).NewInboxPage),
});
const channel = createRoute({
  getParentRoute: () => signedIn,
  path: "/channels/$inboxId",
  component: lazyPage(async () => (await import("~/features/inboxes/components/inbox-settings-page.tsx")).InboxSettingsPage),
});
const automations = createRoute({
  getParentRoute: () => signedIn,
  path: "/automations",
  component: lazyPage(async () => (await import("~/features/automations/components/automations-page.tsx")).AutomationsPage),
});
const chooseAutomation = createRoute({
  getParentRoute: () => signedIn,
  path: "/automations/new",
  component: lazyPage(async () => (await import("~/features/automations/components/choose-kind-page.tsx")).ChooseKindPage),
});
const newAutomation = createRoute({
  getParentRoute: () => signedIn,
  path: "/automations/new/$kind",
  component: lazyPage(async () => (await import("~/features/automations/components/new-automation-page.tsx")).NewAutomationPage),
});
const automation = createRoute({
  getParentRoute: () => signedIn,
  path: "/automations/$automationId",
  component: lazyPage(async () => (await import("~/features/automations/components/automation-page.tsx")).AutomationPage),
});
const sandbox = createRoute({
  getParentRoute: () => signedIn,
  path: "/sandbox/$inboxId",
  component: lazyPage(async () => (await import("~/features/sandbox/components/sandbox-page.tsx")).SandboxPage),
});
const team = createRoute({
  getParentRoute: () => signedIn,
  path: "/team",
  component: lazyPage(async () => (await import("~/features/team/components/team-page.tsx")).TeamPage),
});
const apiKeys = createRoute({
  getParentRoute: () => signedIn,
  path: "/team/keys",
  component: lazyPage(async () => (await import("~/features/api-keys/components/api-keys-page.tsx")).ApiKeysPage),
});
const roles = createRoute({
  getParentRoute: () => signedIn,
  path: "/team/roles",
  component: lazyPage(async () => (await import("~/features/roles/components/roles-page.tsx")).RolesPage),
});
const quarantine = createRoute({
  getParentRoute: () => signedIn,
  path: "/quarantine",
  component: lazyPage(async () => (await import("~/features/quarantine/components/quarantine-page.tsx")).QuarantinePage),
});
const audit = createRoute({
  getParentRoute: () => signedIn,
  path: "/audit",
  component: lazyPage(async () => (await import("~/features/audit/components/audit-page.tsx")).AuditPage),
});
const plugins = createRoute({
  getParentRoute: () => signedIn,
  path: "/plugins",
  component: lazyPage(async () => (await import("~/features/plugins/components/plugins-page.tsx")).PluginsPage),
});
const plugin = createRoute({
  getParentRoute: () => signedIn,
  path: "/plugins/$pluginId",
  component: lazyPage(async () => (await import("~/features/plugins/components/plugin-page.tsx")).PluginPage),
});
const phrases = createRoute({
  getParentRoute: () => signedIn,
  path: "/phrases",
  component: lazyPage(async () => (await import("~/features/phrases/components/phrases-page.tsx")).PhrasesPage),
});
const tags = createRoute({
  getParentRoute: () => signedIn,
  path: "/tags",
  component: lazyPage(async () => (await import("~/features/tags/components/tags-page.tsx")).TagsPage),
});
const profile = createRoute({
  getParentRoute: () => signedIn,
  path: "/profile",
  component: lazyPage(async () => (await import("~/features/profile/components/profile-page.tsx")).ProfilePage),
});

const nowhere = createRoute({ getParentRoute: () => signedIn, path: "$", component: NotFoundPage });

export const router = createRouter({
  routeTree: root.addChildren([
    signedOut,
    setup,
    invite,
    signedIn.addChildren([
      home,
      inbox.addChildren([inboxEmpty, inboxConversation]),
      customers,
      channels,
      newChannel,
      channel,
      automations,
      chooseAutomation,
      newAutomation,
      automation,
      sandbox,
      team,
      apiKeys,
      roles,
      quarantine,
      audit,
      plugins,
      plugin,
      phrases,
      tags,
      profile,
      nowhere,
    ]),
  ]),
  defaultPreload: "intent",
  defaultPendingMs: 150,
  defaultPendingComponent: PageSkeleton,
  defaultErrorComponent: RouteError,
  defaultNotFoundComponent: NotFoundPage,
  scrollRestoration: false,
});

declare module "@tanstack/react-router" {
  interface Register {
    router: typeof router;
  }
}
