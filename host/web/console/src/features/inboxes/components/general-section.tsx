import { Button, Select, Switch, TextInput } from "@mantine/core";
import type { Inbox, RoutingStrategy } from "@omnichat/api-client/types";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import form from "~/components/form.module.css";
import { Section } from "~/components/page.tsx";
import { useFormProblem } from "~/lib/form-problem.ts";
import { notify, notifyError } from "~/lib/toasts.ts";
import { useScenarios } from "~/queries/automations.ts";
import { useUpdateInbox } from "../api/use-inbox-mutations.ts";
import { routings } from "./routings.ts";

/** Among the bots of "answers first"; no id looks like it. */
const people = "people";

/** What every channel has: a name, on or off, who answers first, routing, a proxy. */
export function GeneralSection({ inbox, readOnly }: { inbox: Inbox; readOnly: boolean }) {
  const { t } = useTranslation();
  const update = useUpdateInbox(inbox);
  const problem = useFormProblem();
  const [title, setTitle] = useState(inbox.title);
  const [routing, setRouting] = useState(inbox.routing);
  /** Undefined until somebody chooses: a bot's own page changes it as well. */
  const [chosen, choose] = useState<string | null>();
  const scenario = chosen === undefined ? inbox.scenario : chosen;
  const [proxy, setProxy] = useState(inbox.proxy_url ?? "");
  const proxyChanged = proxy.trim() !== (inbox.proxy_url ?? "");
  const dirty = title.trim() !== inbox.title || routing !== inbox.routing || scenario !== inbox.scenario || proxyChanged;
  const scenarios = useScenarios();
  const outgoing = inbox.capabilities.polling || inbox.capabilities.webhook || inbox.proxy_url !== null;
  return (
    <Section title={t("channels.general")}>
      <Switch
        label={t("channels.enabled")}
        description={t("channels.enabled_hint")}
        checked={inbox.enabled}
        disabled={readOnly || update.isPending}
        onChange={(event) => {
          const enabled = event.currentTarget.checked;
          const turn = (on: boolean) =>
            update.mutate(
              { enabled: on },
              {
                onSuccess: () => notify(t(on ? "channels.turned_on" : "channels.turned_off", { title: inbox.title })),
                onError: (error) => notifyError(error, t("form.not_saved")),
              },
            );
          turn(enabled);
        }}
      />
      <form
        className={form.fields}
        onSubmit={(event) => {
          event.preventDefault();
          problem.clear();
          update.mutate(
            {
              title: title.trim(),
              routing,
              ...(scenario === inbox.scenario ? {} : { scenario }),
              // The password reads back masked, so an untouched address must not be sent.
              ...(proxyChanged ? { proxy_url: proxy.trim() || null } : {}),
            },
            {
              onSuccess: (saved) => {
                setProxy(saved.proxy_url ?? "");
                choose(undefined);
                notify(t("form.saved"));
              },
              onError: (error) => {
                problem.set(error);
                notifyError(error, t("form.not_saved"));
              },
            },
          );
        }}
      >
        <TextInput
          label={t("channels.title")}
          required
          withAsterisk={false}
          readOnly={readOnly}
          value={title}
          error={problem.field("title")}
          onChange={(event) => setTitle(event.currentTarget.value)}
        />
        {readOnly || scenarios.length === 0 ? null : (
          <Select
            label={t("channels.answers_first")}
            description={t("channels.answers_first_hint")}
            allowDeselect={false}
            data={[
              { value: people, label: t("channels.people") },
              ...scenarios.map((bot) => ({
                value: bot.id,
                label: bot.enabled ? bot.title : t("channels.bot_off", { title: bot.title }),
              })),
            ]}
            value={scenario ?? people}
            onChange={(value) => choose(value === people ? null : value)}
          />
        )}
        <Select
          label={t("channels.routing")}
          description={t(`channels.routing_hint.${routing}`)}
          allowDeselect={false}
          readOnly={readOnly}
          data={routings.map((value) => ({ value, label: t(`routing.${value}`) }))}
          value={routing}
          onChange={(value) => setRouting((value as RoutingStrategy | null) ?? routing)}
        />
        {outgoing ? (
          <TextInput
            label={t("channels.proxy")}
            description={t("channels.proxy_hint")}
            placeholder="http://user:password@proxy.example.org:3128"
            readOnly={readOnly}
            value={proxy}
            error={problem.field("proxy_url")}
            onChange={(event) => setProxy(event.currentTarget.value)}
          />
        ) : null}
        {readOnly ? null : (
          <div>
            <Button type="submit" disabled={!dirty || title.trim() === ""} loading={update.isPending}>
              {t("common.save")}
            </Button>
          </div>
        )}
      </form>
    </Section>
  );
}
