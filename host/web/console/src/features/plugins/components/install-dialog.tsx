import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Dialog } from "~/components/dialog.tsx";
import { notify } from "~/lib/toasts.ts";
import { useInstallPlugin } from "../api/use-plugin-mutations.ts";
import type { Installer } from "../hooks/use-installer.ts";
import type { Plugin } from "@omnichat/api-client/types";
import { ChooseStep } from "./choose-step.tsx";
import classes from "./plugins.module.css";
import { ReviewStep } from "./review-step.tsx";

interface Props {
  installer: Installer;
  /** After the last step, whatever was decided in it. */
  onInstalled: (plugin: Plugin) => void;
}

/** The way of a file into the host: choose it, send it, see what it asks for, approve. */
export function InstallDialog({ installer, onInstalled }: Props) {
  const { t } = useTranslation();
  const install = useInstallPlugin();
  const [review, setReview] = useState<Plugin | null>(null);
  const leave = () => {
    installer.close();
    install.reset();
    setReview(null);
  };
  const done = (plugin: Plugin) => {
    leave();
    onInstalled(plugin);
  };
  const arrived = (plugin: Plugin) => {
    if (plugin.waiting !== null) {
      setReview(plugin);
      return;
    }
    // What cannot run says so on its own page.
    if (plugin.refusal === null) {
      const outcome = plugin.enabled ? (plugin.state === "running" ? "runs" : "starts") : "installed_off";
      notify(t(`plugins.outcome_of.${outcome}`, { title: plugin.title, version: plugin.version }));
    }
    done(plugin);
  };
  const { picked } = installer;
  return (
    <>
      {installer.dragging && picked === null ? (
        <div className={classes.curtain} aria-hidden="true">
          {t("plugins.drop_here")}
        </div>
      ) : null}
      <Dialog
        opened={picked !== null}
        // What has been sent is not taken back by a stray click.
        onClose={() => (review === null ? (install.isPending ? undefined : leave()) : done(review))}
        title={review === null ? t("plugins.install") : t("plugins.review", { title: review.title })}
      >
        {picked === null ? null : review === null || review.waiting === null ? (
          <ChooseStep
            picked={picked}
            dragging={installer.dragging}
            busy={install.isPending}
            error={install.error}
            onAdd={(files) => {
              install.reset();
              installer.add(files);
            }}
            onCancel={leave}
            onInstall={(wasm, older) =>
              install.mutate({ wasm, signature: picked.signature, older }, { onSuccess: arrived })
            }
          />
        ) : (
          <ReviewStep
            plugin={review}
            waiting={review.waiting}
            onDone={done}
            onReplaced={(now) => (now.waiting === null ? done(now) : setReview(now))}
          />
        )}
      </Dialog>
    </>
  );
}
