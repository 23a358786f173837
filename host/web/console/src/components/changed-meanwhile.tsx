import { Alert, Button, Group } from "@mantine/core";
import { useTranslation } from "react-i18next";

interface Props {
  onReload: () => void;
  onOverwrite: () => void;
}

/** Says in a form that somebody else has changed what is edited, and asks whose state is to stay. */
export function ChangedMeanwhile({ onReload, onOverwrite }: Props) {
  const { t } = useTranslation();
  return (
    <Alert color="red" variant="light" role="alert">
      {t("form.changed_meanwhile")}
      <Group gap="sm" mt="xs">
        <Button variant="default" size="compact-sm" onClick={onReload}>
          {t("form.reload")}
        </Button>
        <Button variant="default" size="compact-sm" onClick={onOverwrite}>
          {t("form.overwrite")}
        </Button>
      </Group>
    </Alert>
  );
}
