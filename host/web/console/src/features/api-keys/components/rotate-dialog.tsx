import { Alert, Button, Group, Select, Text } from "@mantine/core";
import type { ApiKey, ApiKeyWithToken } from "@omnichat/api-client/types";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Dialog } from "~/components/dialog.tsx";
import { useFormProblem } from "~/lib/form-problem.ts";
import { useRotateApiKey } from "../api/use-api-key-mutations.ts";

const overlaps = ["0", "24", "168"] as const;

interface Props {
  apiKey: ApiKey;
  onClose: () => void;
  onRotated: (made: ApiKeyWithToken) => void;
}

/** Another secret, and for how long the one before still holds. */
export function RotateDialog({ apiKey: key, onClose, onRotated }: Props) {
  const { t } = useTranslation();
  const rotate = useRotateApiKey();
  const problem = useFormProblem();
  const [hours, setHours] = useState<(typeof overlaps)[number]>("24");
  const summary = problem.summary([]);
  return (
    <Dialog
      opened
      onClose={onClose}
      size="sm"
      title={t("api_keys.rotate_title", { name: key.name })}
    >
      {summary === null ? null : (
        <Alert color="red" variant="light" role="alert" mb="md">
          {summary}
        </Alert>
      )}
      <Text mb="md">{t("api_keys.rotate_text")}</Text>
      <Select
        label={t("api_keys.overlap")}
        allowDeselect={false}
        data={overlaps.map((value) => ({ value, label: t(`api_keys.overlaps.${value}`) }))}
        value={hours}
        onChange={(value) => setHours((value as (typeof overlaps)[number] | null) ?? hours)}
      />
      <Group justify="flex-end" mt="lg" gap="sm">
        <Button variant="default" onClick={onClose}>
          {t("common.cancel")}
        </Button>
        <Button
          loading={rotate.isPending}
          onClick={() => {
            problem.clear();
            rotate.mutate({ id: key.id, hours: Number(hours) }, { onSuccess: onRotated, onError: problem.set });
          }}
        >
          {t("api_keys.rotate")}
        </Button>
      </Group>
    </Dialog>
  );
}
