import { Button } from "@mantine/core";
import type { Inbox } from "@omnichat/api-client/types";
import { useTranslation } from "react-i18next";
import { Section } from "~/components/page.tsx";
import { useTestInbox } from "../api/use-inbox-mutations.ts";
import { HealthLine } from "./health-line.tsx";
import { TestResult } from "./test-result.tsx";

/** Whether the platform answers. */
export function ConnectionSection({ inbox, readOnly }: { inbox: Inbox; readOnly: boolean }) {
  const { t } = useTranslation();
  const test = useTestInbox(inbox.id);
  return (
    <Section title={t("channels.connection")} hint={<HealthLine inbox={inbox} />}>
      <TestResult result={test.data} error={test.error} />
      {readOnly ? null : (
        <div>
          <Button variant="default" loading={test.isPending} onClick={() => test.mutate()}>
            {t("channels.test")}
          </Button>
        </div>
      )}
    </Section>
  );
}
