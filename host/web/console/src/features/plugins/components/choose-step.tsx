import { Alert, Button, FileButton, Group } from "@mantine/core";
import { ApiError } from "@omnichat/api-client/error";
import { IconFileUpload } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { fileSize } from "~/lib/size.ts";
import type { Picked } from "../picked.ts";
import { Compiling } from "./compiling.tsx";
import classes from "./plugins.module.css";
import { Problem } from "./problem.tsx";

interface Props {
  picked: Picked;
  dragging: boolean;
  busy: boolean;
  /** Why the host did not take the last attempt. */
  error: unknown;
  onAdd: (files: File[]) => void;
  onCancel: () => void;
  onInstall: (wasm: File, older: boolean) => void;
}

/** The component and its signature: dropped, or chosen together. */
export function ChooseStep({ picked, dragging, busy, error, onAdd, onCancel, onInstall }: Props) {
  const { t } = useTranslation();
  const { wasm, signature, problem } = picked;
  const empty = wasm === null && signature === null;
  const older = error instanceof ApiError && error.fields.some(({ field, code }) => field === "version" && code === "older");
  return (
    <form
      className={classes.steps}
      onSubmit={(event) => {
        event.preventDefault();
        if (wasm !== null) onInstall(wasm, older);
      }}
    >
      {problem === null ? (
        error === null ? null : <Problem title={t("plugins.not_installed")} error={error} />
      ) : (
        <Alert color="red" variant="light" role="alert">
          {t(`plugins.file.problem.${problem}`)}
        </Alert>
      )}
      <div className={classes.drop} data-over={dragging}>
        {empty ? (
          <>
            <IconFileUpload size={28} stroke={1.4} className={classes.dropIcon} aria-hidden="true" />
            <p className={classes.dropText}>{t("plugins.file.drop")}</p>
          </>
        ) : (
          <dl className={classes.files}>
            <dt>{t("plugins.file.component")}</dt>
            <dd>{wasm === null ? t("plugins.file.needed") : <FileName file={wasm} />}</dd>
            <dt>{t("plugins.file.signature")}</dt>
            <dd>{signature === null ? t("plugins.file.no_signature") : <FileName file={signature} />}</dd>
          </dl>
        )}
        <FileButton onChange={onAdd} multiple accept=".wasm,.sig" inputProps={{ "aria-label": t("plugins.file.choose") }}>
          {(button) => (
            <Button variant="default" disabled={busy} data-autofocus={empty || undefined} {...button}>
              {t("plugins.file.choose")}
            </Button>
          )}
        </FileButton>
      </div>
      <p className={classes.note}>{t("plugins.file.checks")}</p>
      <Compiling busy={busy} />
      <Group justify="flex-end" gap="sm">
        <Button variant="default" disabled={busy} onClick={onCancel}>
          {t("common.cancel")}
        </Button>
        <Button type="submit" disabled={wasm === null} loading={busy}>
          {t(older ? "plugins.upload_older" : "plugins.upload")}
        </Button>
      </Group>
    </form>
  );
}

function FileName({ file }: { file: File }) {
  return (
    <>
      {file.name} <span className={classes.dim}>{fileSize(file.size)}</span>
    </>
  );
}
