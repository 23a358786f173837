import { Button, TextInput } from "@mantine/core";
import { IconFlaskOff, IconMessage2, IconUserPlus } from "@tabler/icons-react";
import { useNavigate, useParams } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { Page } from "~/components/page.tsx";
import { EmptyState, ErrorState, PageSkeleton } from "~/components/states.tsx";
import { useInboxes } from "~/queries/inboxes.ts";
import { useSimulatedCustomer } from "../hooks/use-simulated-customer.ts";
import { CustomerPhone } from "./customer-phone.tsx";
import classes from "./sandbox.module.css";

/** Play a customer of a sandbox channel. */
export function SandboxPage() {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const { inboxId = "" } = useParams({ strict: false });
  const inboxes = useInboxes();
  if (inboxes.isPending) return <PageSkeleton />;
  if (inboxes.isError) return <ErrorState error={inboxes.error} retry={() => void inboxes.refetch()} />;
  const inbox = inboxes.data.items.find((i) => i.id === inboxId);
  if (inbox === undefined || !inbox.capabilities.simulate) {
    return (
      <EmptyState
        icon={<IconFlaskOff size={28} stroke={1.5} />}
        text={t("sandbox.none")}
        action={{ label: t("channels.back"), run: () => void navigate({ to: "/channels" }) }}
      />
    );
  }
  const usual = inbox.config["customer_name"];
  return (
    <Sandbox key={inbox.id} inboxId={inbox.id} title={inbox.title} usualName={typeof usual === "string" ? usual : ""} />
  );
}

interface SandboxProps {
  inboxId: string;
  title: string;
  /** The customer's name by the inbox's settings. */
  usualName: string;
}

function Sandbox({ inboxId, title, usualName }: SandboxProps) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const customer = useSimulatedCustomer(inboxId, usualName);
  const { conversationId } = customer.person;
  return (
    <Page title={t("sandbox.title")} lead={title} onBack={() => void navigate({ to: "/channels" })}>
      <div className={classes.stage}>
        <CustomerPhone key={customer.person.chat} customer={customer} />
        <div className={classes.notes}>
          <p className={classes.lead}>{t("sandbox.lead")}</p>
          <TextInput
            label={t("sandbox.name")}
            value={customer.name}
            onChange={(event) => customer.rename(event.currentTarget.value)}
          />
          <Button
            variant="default"
            leftSection={<IconMessage2 size={16} stroke={1.7} />}
            disabled={conversationId === null}
            onClick={() => {
              if (conversationId !== null) {
                void navigate({ to: "/inbox/$conversationId", params: { conversationId }, search: { view: "open" } });
              }
            }}
          >
            {t("sandbox.as_operator")}
          </Button>
          <Button variant="subtle" color="gray" leftSection={<IconUserPlus size={16} stroke={1.7} />} onClick={customer.restart}>
            {t("sandbox.restart")}
          </Button>
        </div>
      </div>
    </Page>
  );
}
