import { Button, Group, PasswordInput, SegmentedControl, TextInput } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Confirm } from "~/components/confirm.tsx";
import { Page, Section } from "~/components/page.tsx";
import { api } from "~/lib/api.ts";
import { useFormProblem } from "~/lib/form-problem.ts";
import { currentLocale } from "~/lib/i18n.ts";
import { signOut } from "~/lib/sign-out.ts";
import { useStore } from "~/lib/store.ts";
import { chooseTheme, type ThemeChoice, themeChoice } from "~/lib/theme.ts";
import { notify, notifyError } from "~/lib/toasts.ts";
import { keys } from "~/queries/keys.ts";
import { useMe } from "~/queries/me.ts";
import { useChangeLocale } from "../api/use-change-locale.ts";
import { useSetStatus } from "../api/use-set-status.ts";

/** One's own name, status, look, language, password and sessions. */
export function ProfilePage() {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const { operator } = useMe();
  const theme = useStore(themeChoice);
  const changeLocale = useChangeLocale();
  const setStatus = useSetStatus();
  return (
    <Page title={t("profile.title")} lead={operator.email}>
      <Section title={t("profile.status")} hint={t("profile.status_hint")}>
        <SegmentedControl
          fullWidth
          aria-label={t("profile.status")}
          data={(["online", "break", "offline"] as const).map((value) => ({ value, label: t(`presence.${value}`) }))}
          value={operator.status}
          onChange={(value) => setStatus.mutate(value as "online" | "break" | "offline")}
        />
      </Section>
      <Section title={t("profile.name")}>
        <NameForm />
      </Section>
      <Section title={t("profile.look")}>
        <SegmentedControl
          fullWidth
          aria-label={t("profile.theme")}
          data={(["light", "dark", "system"] as const).map((value) => ({ value, label: t(`theme.${value}`) }))}
          value={theme}
          onChange={(value) => chooseTheme(value as ThemeChoice)}
        />
        <SegmentedControl
          fullWidth
          aria-label={t("profile.language")}
          data={(["ru", "en"] as const).map((value) => ({ value, label: t(`locale.${value}`) }))}
          value={currentLocale()}
          onChange={(value) => changeLocale.mutate(value as "ru" | "en")}
        />
      </Section>
      <Section title={t("areas.phrases")}>
        <Group>
          <Button variant="default" onClick={() => void navigate({ to: "/phrases" })}>
            {t("phrases.manage")}
          </Button>
        </Group>
      </Section>
      <Section title={t("areas.tags")}>
        <Group>
          <Button variant="default" onClick={() => void navigate({ to: "/tags" })}>
            {t("tags.manage")}
          </Button>
        </Group>
      </Section>
      <Section title={t("profile.password")}>
        <PasswordForm />
      </Section>
      <Section title={t("profile.sessions")} hint={t("profile.sessions_hint")}>
        <Sessions />
      </Section>
    </Page>
  );
}

function NameForm() {
  const { t } = useTranslation();
  const client = useQueryClient();
  const { operator } = useMe();
  const problem = useFormProblem();
  const [name, setName] = useState(operator.name);
  const save = useMutation({
    mutationFn: () => api.me.update({ name: name.trim() }),
    onSuccess: (me) => {
      client.setQueryData(keys.me, me);
      notify(t("profile.saved"));
    },
    onError: (error) => {
      problem.set(error);
      notifyError(error, t("profile.not_saved"));
    },
  });
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        problem.clear();
        save.mutate();
      }}
    >
      <Group align="flex-end" gap="sm" wrap="nowrap">
        <TextInput
          style={{ flex: 1 }}
          label={t("auth.your_name")}
          required
          withAsterisk={false}
          value={name}
          error={problem.field("name")}
          onChange={(event) => setName(event.currentTarget.value)}
        />
        <Button type="submit" disabled={name.trim() === "" || name.trim() === operator.name} loading={save.isPending}>
          {t("common.save")}
        </Button>
      </Group>
    </form>
  );
}

function PasswordForm() {
  const { t } = useTranslation();
  const problem = useFormProblem();
  const [current, setCurrent] = useState("");
  const [next, setNext] = useState("");
  const change = useMutation({
    mutationFn: () => api.auth.changePassword({ current, new: next }),
    onSuccess: () => {
      setCurrent("");
      setNext("");
      notify(t("profile.password_changed"));
    },
    onError: (error) => {
      problem.set(error);
      notifyError(error, t("profile.password_failed"));
    },
  });
  const visibility = { "aria-label": t("auth.show_password") };
  return (
    <form
      style={{ display: "grid", gap: 14 }}
      onSubmit={(event) => {
        event.preventDefault();
        problem.clear();
        change.mutate();
      }}
    >
      <PasswordInput
        label={t("profile.current_password")}
        autoComplete="current-password"
        required
        withAsterisk={false}
        value={current}
        error={problem.field("current")}
        visibilityToggleButtonProps={visibility}
        onChange={(event) => setCurrent(event.currentTarget.value)}
      />
      <PasswordInput
        label={t("profile.new_password")}
        description={t("auth.password_rule")}
        autoComplete="new-password"
        required
        withAsterisk={false}
        minLength={8}
        value={next}
        error={problem.field("new")}
        visibilityToggleButtonProps={visibility}
        onChange={(event) => setNext(event.currentTarget.value)}
      />
      <div>
        <Button type="submit" loading={change.isPending} disabled={current === "" || next === ""}>
          {t("profile.change_password")}
        </Button>
      </div>
    </form>
  );
}

function Sessions() {
  const { t } = useTranslation();
  const [confirming, setConfirming] = useState(false);
  const leave = (everywhere: boolean) =>
    signOut(everywhere).catch((error: unknown) => notifyError(error, t("profile.sign_out_failed")));
  return (
    <Group gap="sm">
      <Button variant="default" onClick={() => void leave(false)}>
        {t("profile.sign_out")}
      </Button>
      <Button color="red" variant="light" onClick={() => setConfirming(true)}>
        {t("profile.sign_out_everywhere")}
      </Button>
      <Confirm
        opened={confirming}
        title={t("profile.sign_out_everywhere")}
        text={t("profile.sign_out_everywhere_text")}
        action={t("profile.sign_out_everywhere")}
        onClose={() => setConfirming(false)}
        onConfirm={() => {
          setConfirming(false);
          void leave(true);
        }}
      />
    </Group>
  );
}
