import { Anchor, ColorInput, NumberInput, Select, Switch, TagsInput, Textarea, TextInput } from "@mantine/core";
import { Fragment } from "react";
import { useTranslation } from "react-i18next";
import type { Complaint, Field } from "../schema-fields.ts";
import classes from "./inboxes.module.css";
import { SecretInput } from "./secret-input.tsx";

interface Props {
  fields: Field[];
  values: Record<string, unknown>;
  complaints: Record<string, Complaint>;
  /** What the host said about a field. */
  refusal: (name: string) => string | null;
  disabled: boolean;
  onChange: (name: string, value: unknown) => void;
}

/** The settings of a channel as its schema describes them. */
export function SchemaForm({ fields, values, complaints, refusal, disabled, onChange }: Props) {
  const { t } = useTranslation();
  return fields.map((field, index) => {
    const complaint = complaints[field.name];
    const error =
      refusal(field.name) ??
      (complaint === undefined ? null : t(`channels.complaint.${complaint.code}`, { n: complaint.n, min: field.min, max: field.max }));
    const opens = field.group !== null && field.group !== (fields[index - 1]?.group ?? null);
    return (
      <Fragment key={field.name}>
        {opens ? <p className={classes.group}>{t(`channels.group.${field.group}`, { defaultValue: field.group ?? "" })}</p> : null}
        <FieldInput
          field={field}
          value={values[field.name]}
          error={error}
          disabled={disabled}
          onChange={(value) => onChange(field.name, value)}
        />
      </Fragment>
    );
  });
}

interface InputProps {
  field: Field;
  value: unknown;
  error: string | null;
  disabled: boolean;
  onChange: (value: unknown) => void;
}

function FieldInput({ field, value, error, disabled, onChange }: InputProps) {
  const { t } = useTranslation();
  const description =
    field.description === null && field.helpUrl === null ? undefined : (
      <>
        {field.description}{" "}
        {field.helpUrl === null ? null : (
          <Anchor href={field.helpUrl} target="_blank" rel="noopener noreferrer" size="xs">
            {t("channels.where")}
          </Anchor>
        )}
      </>
    );
  const common = {
    label: field.title,
    description,
    error,
    disabled,
    withAsterisk: field.required,
    placeholder: field.placeholder ?? undefined,
  };
  const text = typeof value === "string" ? value : "";
  switch (field.kind) {
    case "boolean":
      return (
        <Switch
          label={field.title}
          description={description}
          error={error}
          disabled={disabled}
          checked={value === true}
          onChange={(event) => onChange(event.currentTarget.checked)}
        />
      );
    case "number":
      return (
        <NumberInput
          {...common}
          value={typeof value === "number" ? value : ""}
          allowDecimal={!field.integer}
          {...(field.min === null ? {} : { min: field.min })}
          {...(field.max === null ? {} : { max: field.max })}
          onChange={(next) => onChange(typeof next === "number" ? next : null)}
        />
      );
    case "choice":
      return (
        <Select
          {...common}
          data={field.options}
          value={text === "" ? null : text}
          allowDeselect={!field.required}
          onChange={onChange}
        />
      );
    case "strings":
      return (
        <TagsInput
          {...common}
          value={Array.isArray(value) ? value.map(String) : []}
          splitChars={[",", " ", ";"]}
          acceptValueOnBlur
          onChange={onChange}
        />
      );
    case "secret":
      return <SecretInput {...common} value={value} onChange={onChange} />;
    case "color":
      return <ColorInput {...common} value={text} format="hex" withEyeDropper={false} onChange={onChange} />;
    case "textarea":
      return (
        <Textarea {...common} autosize minRows={2} maxRows={8} value={text} onChange={(event) => onChange(event.currentTarget.value)} />
      );
    case "text":
      return (
        <TextInput {...common} type={field.inputType} value={text} onChange={(event) => onChange(event.currentTarget.value)} />
      );
  }
}
