import { IconAlertTriangle, IconFile, IconRefresh, IconX } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { fileSize } from "~/lib/size.ts";
import type { Upload } from "../hooks/use-uploads.ts";
import classes from "./composer.module.css";

interface Props {
  uploads: Upload[];
  onRemove: (key: number) => void;
  onRetry: (key: number) => void;
}

export function UploadChips({ uploads, onRemove, onRetry }: Props) {
  const { t } = useTranslation();
  if (uploads.length === 0) return null;
  return (
    <ul className={classes.chips} aria-label={t("composer.attachments")}>
      {uploads.map((upload) => (
        <li key={upload.key} className={classes.chip} data-failed={upload.error !== null}>
          {upload.error !== null ? (
            <IconAlertTriangle size={18} stroke={1.7} aria-hidden="true" />
          ) : upload.preview === null ? (
            <IconFile size={18} stroke={1.7} aria-hidden="true" />
          ) : (
            <img src={upload.preview} alt="" className={classes.thumb} />
          )}
          <span className={classes.chipText}>
            <span className={classes.chipName} title={upload.file.name}>
              {upload.file.name}
            </span>
            <span className={classes.chipDetail}>
              {upload.error ?? (upload.stored === null ? `${Math.round(upload.progress * 100)} %` : fileSize(upload.file.size))}
            </span>
          </span>
          {upload.error === null ? null : (
            <button type="button" className={classes.chipButton} aria-label={t("common.try_again")} onClick={() => onRetry(upload.key)}>
              <IconRefresh size={15} stroke={1.8} />
            </button>
          )}
          <button
            type="button"
            className={classes.chipButton}
            aria-label={t("composer.remove_file", { name: upload.file.name })}
            onClick={() => onRemove(upload.key)}
          >
            <IconX size={15} stroke={1.8} />
          </button>
          {upload.stored === null && upload.error === null ? (
            <span
              className={classes.progress}
              role="progressbar"
              aria-valuenow={Math.round(upload.progress * 100)}
              aria-valuemin={0}
              aria-valuemax={100}
              aria-label={upload.file.name}
              style={{ width: `${upload.progress * 100}%` }}
            />
          ) : null}
        </li>
      ))}
    </ul>
  );
}
