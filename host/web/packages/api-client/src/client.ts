/** Every call of the console to the host, one typed function each. */
import { Transport, type TransportOptions } from "./transport.ts";
import type * as t from "./types.ts";

export type { TransportOptions } from "./transport.ts";
export type ApiClient = ReturnType<typeof createClient>;

type Signal = AbortSignal | undefined;
interface Versioned {
  version?: number;
}

export function createClient(options: TransportOptions) {
  const http = new Transport(options);
  const get = <T>(path: string, query?: Record<string, string | number | boolean | null | undefined>, signal?: Signal) =>
    http.call<T>("GET", path, { ...(query === undefined ? {} : { query }), signal });
  const post = <T>(path: string, body: unknown = {}) => http.call<T>("POST", path, { body });
  const patch = <T>(path: string, body: unknown) => http.call<T>("PATCH", path, { body });
  const put = <T>(path: string, body: unknown) => http.call<T>("PUT", path, { body });
  const remove = <T>(path: string) => http.call<T>("DELETE", path);
  const open = <T>(path: string, body: unknown) =>
    http.call<T>("POST", path, { body, anonymous: true });

  return {
    setup: {
      state: () => http.call<{ needed: boolean }>("GET", "/setup", { anonymous: true }),
      create: (body: {
        token: string;
        organisation: string;
        name: string;
        email: string;
        password: string;
        locale: t.Locale;
      }) => open<t.Session>("/setup", body),
    },
    auth: {
      signIn: (body: { email: string; password: string }) =>
        open<t.Session>("/auth/sign-in", { ...body, transport: "cookie" }),
      refresh: () => open<t.Session>("/auth/refresh", {}),
      signOut: () => post<void>("/auth/sign-out"),
      signOutEverywhere: () => post<void>("/auth/sign-out-everywhere"),
      changePassword: (body: { current: string; new: string }) => post<void>("/auth/password", body),
      acceptInvite: (body: { token: string; name?: string; password: string }) =>
        open<t.Session>("/auth/invite", body),
    },
    me: {
      get: (signal?: Signal) => get<t.Me>("/me", undefined, signal),
      update: (body: { name?: string; locale?: t.Locale }) => patch<t.Me>("/me", body),
      setStatus: (status: t.OperatorStatus) => put<t.Operator>("/me/status", { status }),
    },
    channels: {
      list: (signal?: Signal) => get<{ items: t.ChannelKind[] }>("/channels", undefined, signal),
      test: (kind: string, body: { config: Record<string, unknown>; proxy_url?: string | null }) =>
        post<t.ConnectionTest>(`/channels/${encodeURIComponent(kind)}/test`, body),
    },
    inboxes: {
      list: (signal?: Signal) => get<{ items: t.Inbox[] }>("/inboxes", undefined, signal),
      get: (id: string, signal?: Signal) => get<t.Inbox>(`/inboxes/${id}`, undefined, signal),
      create: (body: t.NewInbox) => post<t.Inbox>("/inboxes", body),
      update: (id: string, body: t.InboxPatch) => patch<t.Inbox>(`/inboxes/${id}`, body),
      remove: (id: string) => remove<void>(`/inboxes/${id}`),
      test: (id: string) => post<t.ConnectionTest>(`/inboxes/${id}/test`),
      registerWebhook: (id: string) => post<t.Inbox>(`/inboxes/${id}/webhook`),
      removeWebhook: (id: string) => remove<t.Inbox | undefined>(`/inboxes/${id}/webhook`),
      simulate: (id: string, body: t.Simulation) =>
        post<t.SimulationResult>(`/inboxes/${id}/simulate`, body),
    },
    conversations: {
      list: (filter: t.ConversationFilter, page: { cursor?: string | null; limit?: number }, signal?: Signal) =>
        get<t.Page<t.Conversation>>(
          "/conversations",
          { ...filter, status: filter.status?.join(","), ...page },
          signal,
        ),
      counts: (signal?: Signal) => get<t.ConversationCounts>("/conversations/counts", undefined, signal),
      get: (id: string, signal?: Signal) => get<t.Conversation>(`/conversations/${id}`, undefined, signal),
      update: (
        id: string,
        body: { priority?: t.Priority; tags?: string[]; subject?: string | null; version?: number },
      ) => patch<t.Conversation>(`/conversations/${id}`, body),
      take: (id: string, body: Versioned = {}) => act(id, "take", body),
      assign: (id: string, body: { operator_id: string | null } & Versioned) => act(id, "assign", body),
      transfer: (id: string, body: { operator_id: string; comment?: string } & Versioned) =>
        act(id, "transfer", body),
      invite: (id: string, body: { operator_id: string } & Versioned) => act(id, "invite", body),
      leave: (id: string, body: Versioned = {}) => act(id, "leave", body),
      resolve: (id: string, body: Versioned = {}) => act(id, "resolve", body),
      close: (id: string, body: Versioned = {}) => act(id, "close", body),
      reopen: (id: string, body: Versioned = {}) => act(id, "reopen", body),
      spam: (id: string, body: Versioned = {}) => act(id, "spam", body),
      snooze: (id: string, body: { until: string } & Versioned) => act(id, "snooze", body),
      read: (id: string) => act(id, "read", {}),
    },
    messages: {
      list: (conversationId: string, page: { before?: string | null; limit?: number }, signal?: Signal) =>
        get<t.MessagePage>(`/conversations/${conversationId}/messages`, page, signal),
      send: (conversationId: string, body: t.NewMessage) =>
        post<t.Message>(`/conversations/${conversationId}/messages`, body),
      edit: (id: string, body: { text: string; spans?: t.Span[] }) =>
        patch<t.Message>(`/messages/${id}`, body),
      remove: (id: string) => remove<t.Message>(`/messages/${id}`),
      retry: (id: string) => post<t.Message>(`/messages/${id}/retry`),
      revisions: (id: string, signal?: Signal) =>
        get<{ items: t.Revision[] }>(`/messages/${id}/revisions`, undefined, signal),
    },
    customers: {
      list: (query: { q?: string; cursor?: string | null; limit?: number }, signal?: Signal) =>
        get<t.Page<t.Customer>>("/customers", query, signal),
      get: (id: string, signal?: Signal) => get<t.Customer>(`/customers/${id}`, undefined, signal),
      update: (id: string, body: t.CustomerPatch) => patch<t.Customer>(`/customers/${id}`, body),
      conversations: (id: string, signal?: Signal) =>
        get<t.Page<t.Conversation>>(`/customers/${id}/conversations`, undefined, signal),
    },
    operators: {
      list: (signal?: Signal) => get<{ items: t.Operator[] }>("/operators", undefined, signal),
      create: (body: t.NewOperator) => post<t.Invitation>("/operators", body),
      update: (id: string, body: t.OperatorPatch) => patch<t.Operator>(`/operators/${id}`, body),
      invite: (id: string) => post<t.Invitation>(`/operators/${id}/invite`),
    },
    quarantine: {
      list: (page: { cursor?: string | null; limit?: number }, signal?: Signal) =>
        get<t.Page<t.Quarantined>>("/quarantine", page, signal),
      get: (id: string, signal?: Signal) => get<t.QuarantinedDetail>(`/quarantine/${id}`, undefined, signal),
      replay: (id: string) => post<t.Quarantined>(`/quarantine/${id}/replay`),
      remove: (id: string) => remove<void>(`/quarantine/${id}`),
    },
    files: {
      upload: (file: File, onProgress: (fraction: number) => void, signal?: AbortSignal) =>
        http.upload(file, onProgress, signal),
    },
  };

  function act(id: string, action: string, body: unknown) {
    return post<t.Conversation>(`/conversations/${id}/${action}`, body);
  }
}
