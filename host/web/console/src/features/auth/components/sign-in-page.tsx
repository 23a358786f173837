import { Alert, PasswordInput, Select, TextInput } from "@mantine/core";
import { ApiError } from "@omnichat/api-client/error";
import { useMutation, useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { api, session } from "~/lib/api.ts";
import { useAdoptSession } from "~/lib/session-hooks.ts";
import { useStore } from "~/lib/store.ts";
import { describe } from "~/lib/toasts.ts";
import { AuthCard } from "./auth-card.tsx";

export function SignInPage() {
  const { t } = useTranslation();
  const adopt = useAdoptSession();
  const state = useStore(session.state);
  const [email, setEmail] = useState("");
  const [password, setPassword] = useState("");
  const setup = useQuery({ queryKey: ["setup"], queryFn: () => api.setup.state(), retry: 0 });
  const signIn = useMutation({ mutationFn: api.auth.signIn, onSuccess: adopt });
  // Who has the same address and password in several organisations says which is meant.
  const choices =
    signIn.error instanceof ApiError ? signIn.error.fields.filter((field) => field.field === "organisation_id") : [];
  const expired = state.phase === "signed_out" && state.reason === "expired" && signIn.isIdle;

  return (
    <AuthCard
      title={t("auth.sign_in_title")}
      problem={signIn.error === null || choices.length > 0 ? null : explain(signIn.error, t)}
      action={t("auth.sign_in")}
      busy={signIn.isPending}
      onSubmit={() => signIn.mutate({ email: email.trim(), password })}
    >
      {setup.data?.needed === true ? (
        <Alert color="gray" variant="light">
          {t("auth.setup_needed")}
        </Alert>
      ) : null}
      {expired ? (
        <Alert color="gray" variant="light" role="status">
          {t("auth.expired")}
        </Alert>
      ) : null}
      <TextInput
        label={t("auth.email")}
        type="email"
        autoComplete="username"
        required
        withAsterisk={false}
        size="md"
        autoFocus
        value={email}
        onChange={(event) => setEmail(event.currentTarget.value)}
      />
      <PasswordInput
        label={t("auth.password")}
        autoComplete="current-password"
        required
        withAsterisk={false}
        size="md"
        value={password}
        visibilityToggleButtonProps={{ "aria-label": t("auth.show_password") }}
        onChange={(event) => setPassword(event.currentTarget.value)}
      />
      {choices.length === 0 ? null : (
        <Select
          label={t("auth.organisation")}
          description={t("auth.organisation_hint")}
          size="md"
          data={choices.map(({ code, message }) => ({ value: code, label: message }))}
          value={null}
          onChange={(value) => {
            if (value !== null) signIn.mutate({ email: email.trim(), password, organisation_id: value });
          }}
        />
      )}
    </AuthCard>
  );
}

function explain(error: unknown, t: (key: string) => string): string {
  return error instanceof ApiError && error.code === "unauthenticated"
    ? t("auth.wrong_credentials")
    : describe(error);
}
