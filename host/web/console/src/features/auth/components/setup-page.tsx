import { PasswordInput, TextInput } from "@mantine/core";
import { ApiError } from "@omnichat/api-client/error";
import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { api } from "~/lib/api.ts";
import { useFormProblem } from "~/lib/form-problem.ts";
import { currentLocale } from "~/lib/i18n.ts";
import { useAdoptSession } from "~/lib/session-hooks.ts";
import { AuthCard } from "./auth-card.tsx";
import { useLinkToken } from "../hooks/use-link-token.ts";

const fields = ["organisation", "name", "email", "password"];

export function SetupPage({ onDone }: { onDone: () => void }) {
  const { t } = useTranslation();
  const adopt = useAdoptSession();
  const problem = useFormProblem();
  const token = useLinkToken();
  const [form, setForm] = useState({ organisation: "", name: "", email: "", password: "" });
  const setup = useMutation({
    mutationFn: api.setup.create,
    onSuccess: (started) => {
      adopt(started);
      onDone();
    },
    onError: problem.set,
  });
  const text = (name: keyof typeof form) => ({
    value: form[name],
    error: problem.field(name),
    required: true,
    withAsterisk: false,
    size: "md" as const,
    onChange: (event: { currentTarget: { value: string } }) => {
      const { value } = event.currentTarget;
      setForm((before) => ({ ...before, [name]: value }));
    },
  });
  const refused =
    problem.error instanceof ApiError && ["unauthenticated", "forbidden", "not_found"].includes(problem.error.code);
  return (
    <AuthCard
      title={t("auth.setup_title")}
      lead={t("auth.setup_lead")}
      problem={token === "" ? t("auth.setup_no_token") : refused ? t("auth.setup_used") : problem.summary(fields)}
      action={t("auth.setup_action")}
      busy={setup.isPending}
      onSubmit={() => {
        problem.clear();
        setup.mutate({ ...form, email: form.email.trim(), token, locale: currentLocale() });
      }}
    >
      <TextInput label={t("auth.organisation")} autoComplete="organization" autoFocus {...text("organisation")} />
      <TextInput label={t("auth.your_name")} autoComplete="name" {...text("name")} />
      <TextInput label={t("auth.email")} type="email" autoComplete="username" {...text("email")} />
      <PasswordInput
        label={t("auth.password")}
        description={t("auth.password_rule")}
        autoComplete="new-password"
        minLength={8}
        visibilityToggleButtonProps={{ "aria-label": t("auth.show_password") }}
        {...text("password")}
      />
    </AuthCard>
  );
}
