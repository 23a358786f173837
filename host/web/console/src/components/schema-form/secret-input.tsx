import { Button, PasswordInput, TextInput } from "@mantine/core";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";

interface Props {
  label: string;
  description: ReactNode;
  error: string | null;
  disabled: boolean;
  withAsterisk: boolean;
  placeholder: string | undefined;
  value: unknown;
  onChange: (value: unknown) => void;
}

/** A secret that is stored can be replaced but not read. */
export function SecretInput({ value, onChange, ...rest }: Props) {
  const { t } = useTranslation();
  const stored = typeof value === "object" && value !== null;
  if (stored) {
    return (
      <TextInput
        {...rest}
        readOnly
        value={t("form.secret_set")}
        rightSectionWidth={110}
        rightSection={
          rest.disabled ? null : (
            <Button variant="subtle" size="compact-sm" onClick={() => onChange("")}>
              {t("form.secret_replace")}
            </Button>
          )
        }
      />
    );
  }
  return (
    <PasswordInput
      {...rest}
      autoComplete="off"
      aria-invalid={rest.error !== null}
      value={typeof value === "string" ? value : ""}
      visibilityToggleButtonProps={{ "aria-label": t("auth.show_password") }}
      onChange={(event) => onChange(event.currentTarget.value)}
    />
  );
}
