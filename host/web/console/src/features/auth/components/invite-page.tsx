import { PasswordInput, TextInput } from "@mantine/core";
import { ApiError } from "@omnichat/api-client/error";
import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { api } from "~/lib/api.ts";
import { useFormProblem } from "~/lib/form-problem.ts";
import { useAdoptSession } from "~/lib/session-hooks.ts";
import { AuthCard } from "./auth-card.tsx";
import { useLinkToken } from "../hooks/use-link-token.ts";

export function InvitePage({ onDone }: { onDone: () => void }) {
  const { t } = useTranslation();
  const adopt = useAdoptSession();
  const problem = useFormProblem();
  const token = useLinkToken();
  const [name, setName] = useState("");
  const [password, setPassword] = useState("");
  const accept = useMutation({
    mutationFn: api.auth.acceptInvite,
    onSuccess: (started) => {
      adopt(started);
      onDone();
    },
    onError: problem.set,
  });
  const refused =
    problem.error instanceof ApiError && ["unauthenticated", "forbidden", "not_found"].includes(problem.error.code);
  return (
    <AuthCard
      title={t("auth.invite_title")}
      lead={t("auth.invite_lead")}
      problem={
        token === "" ? t("auth.invite_no_token") : refused ? t("auth.invite_used") : problem.summary(["name", "password"])
      }
      action={t("auth.invite_action")}
      busy={accept.isPending}
      onSubmit={() => {
        problem.clear();
        accept.mutate({ token, password, ...(name.trim() === "" ? {} : { name: name.trim() }) });
      }}
    >
      <TextInput
        label={t("auth.your_name")}
        description={t("auth.name_optional")}
        autoComplete="name"
        size="md"
        autoFocus
        value={name}
        error={problem.field("name")}
        onChange={(event) => setName(event.currentTarget.value)}
      />
      <PasswordInput
        label={t("auth.password")}
        description={t("auth.password_rule")}
        autoComplete="new-password"
        required
        withAsterisk={false}
        minLength={8}
        size="md"
        value={password}
        error={problem.field("password")}
        visibilityToggleButtonProps={{ "aria-label": t("auth.show_password") }}
        onChange={(event) => setPassword(event.currentTarget.value)}
      />
    </AuthCard>
  );
}
