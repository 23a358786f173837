import { Button, Select, TextInput } from "@mantine/core";
import type { ChannelKind, RoutingStrategy } from "@omnichat/api-client/types";
import { useMutation } from "@tanstack/react-query";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { ChannelGlyph } from "~/components/avatar.tsx";
import layout from "~/components/form.module.css";
import { KindChoice } from "~/components/kind-choice.tsx";
import { Page } from "~/components/page.tsx";
import { SchemaForm } from "~/components/schema-form/schema-form.tsx";
import { useConfigForm } from "~/components/schema-form/use-config-form.ts";
import { SetUpPage } from "~/components/set-up-page.tsx";
import { ErrorState, PageSkeleton } from "~/components/states.tsx";
import { api } from "~/lib/api.ts";
import { useFormProblem } from "~/lib/form-problem.ts";
import { useChannels } from "~/queries/channels.ts";
import { useCreateInbox } from "../api/use-inbox-mutations.ts";
import { routings } from "./routings.ts";
import { TestResult } from "./test-result.tsx";

/** First the kind of channel, then its settings. */
export function NewInboxPage() {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const query = useChannels();
  const { kind: chosen } = useSearch({ from: "/signed-in/channels/new" });
  const choose = (kind: string | undefined) =>
    void navigate({ to: "/channels/new", search: kind === undefined ? {} : { kind } });
  const kind = query.data?.items.find((item) => item.kind === chosen);
  if (kind !== undefined) return <NewInboxForm key={kind.kind} kind={kind} onBack={() => choose(undefined)} />;
  // One that a plugin has brought just now comes with the next answer.
  if (chosen !== undefined && query.isFetching) return <PageSkeleton />;
  return (
    <Page title={t("channels.add")} lead={t("channels.pick")} onBack={() => void navigate({ to: "/channels" })}>
      {query.isPending ? <PageSkeleton /> : null}
      {query.isError ? <ErrorState error={query.error} retry={() => void query.refetch()} /> : null}
      <KindChoice
        choices={(query.data?.items ?? []).map((item) => ({
          key: item.kind,
          sign: <ChannelGlyph kind={item.kind} size={34} />,
          title: t(`channel.${item.kind}`, { defaultValue: item.title }),
          text: t(`channels.about.${item.kind}`, { defaultValue: item.summary }),
          run: () => choose(item.kind),
        }))}
      />
    </Page>
  );
}

function NewInboxForm({ kind, onBack }: { kind: ChannelKind; onBack: () => void }) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const name = t(`channel.${kind.kind}`, { defaultValue: kind.title });
  const [title, setTitle] = useState(name);
  const [routing, setRouting] = useState<RoutingStrategy>("round_robin");
  const [proxy, setProxy] = useState("");
  const form = useConfigForm(kind, {});
  const problem = useFormProblem();
  const create = useCreateInbox();
  const test = useMutation({
    mutationFn: (config: Record<string, unknown>) =>
      api.channels.test(kind.kind, { config, proxy_url: proxy.trim() || null }),
  });
  const refusal = (field: string) => problem.field(`config.${field}`, field);
  const shown = ["title", "proxy_url", ...form.fields.flatMap((f) => [f.name, `config.${f.name}`])];
  return (
    <SetUpPage
      title={name}
      lead={t(`channels.about.${kind.kind}`, { defaultValue: kind.summary })}
      guide={kind.docs}
      problem={problem.summary(shown)}
      onBack={onBack}
      onSubmit={() => {
        const config = form.collect();
        if (config === null) return;
        problem.clear();
        create.mutate(
          { kind: kind.kind, title: title.trim(), config, routing, proxy_url: proxy.trim() || null },
          {
            onSuccess: (inbox) => void navigate({ to: "/channels/$inboxId", params: { inboxId: inbox.id } }),
            onError: problem.set,
          },
        );
      }}
    >
      <TextInput
        label={t("channels.title")}
        description={t("channels.title_hint")}
        required
        withAsterisk
        value={title}
        error={problem.field("title")}
        onChange={(event) => setTitle(event.currentTarget.value)}
      />
      <SchemaForm
        fields={form.fields}
        values={form.values}
        complaints={form.complaints}
        refusal={refusal}
        disabled={false}
        onChange={form.change}
      />
      <Select
        label={t("channels.routing")}
        description={t(`channels.routing_hint.${routing}`)}
        allowDeselect={false}
        data={routings.map((value) => ({ value, label: t(`routing.${value}`) }))}
        value={routing}
        onChange={(value) => setRouting((value as RoutingStrategy | null) ?? "round_robin")}
      />
      {kind.capabilities.polling || kind.capabilities.webhook ? (
        <TextInput
          label={t("channels.proxy")}
          description={t("channels.proxy_hint")}
          placeholder="http://user:password@proxy.example.org:3128"
          value={proxy}
          error={problem.field("proxy_url")}
          onChange={(event) => setProxy(event.currentTarget.value)}
        />
      ) : null}
      <TestResult result={test.data} error={test.error} />
      <div className={layout.bar}>
        <Button type="submit" loading={create.isPending}>
          {t("channels.connect")}
        </Button>
        <Button
          variant="default"
          loading={test.isPending}
          onClick={() => {
            const config = form.collect();
            if (config !== null) test.mutate(config);
          }}
        >
          {t("channels.test")}
        </Button>
      </div>
    </SetUpPage>
  );
}
