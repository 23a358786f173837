import { Anchor, ColorInput, NumberInput, Select, Switch, TagsInput, Textarea, TextInput } from "@mantine/core";
import { Fragment, type ReactNode, useState } from "react";
import { IconChevronRight } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { MarkdownLine } from "~/components/markdown.tsx";
import { arrange } from "./arrange.ts";
import type { Complaint } from "./field-values.ts";
import { type Field, optionKey } from "./schema-fields.ts";
import classes from "./schema-form.module.css";
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

/** Settings as their schema describes them. What the schema keeps together in an object is a part that unfolds. */
export function SchemaForm({ fields, values, complaints, refusal, disabled, onChange }: Props) {
  const { t } = useTranslation();
  const errorOf = (field: Field) => {
    const complaint = complaints[field.name];
    const said = refusal(field.name);
    if (said !== null || complaint === undefined) return said;
    return t(`form.complaint.${complaint.code}`, { n: complaint.n, min: field.min, max: field.max });
  };
  return arrange(fields).map(({ key, title, groups }) => {
    const inputs = groups.map((group) => (
      <Fragment key={group.key}>
        {group.name === null ? null : (
          <p className={classes.group}>{t(`form.group.${group.name}`, { defaultValue: group.name })}</p>
        )}
        {group.fields.map((field) => (
          <FieldInput
            key={field.name}
            field={field}
            value={values[field.name]}
            error={errorOf(field)}
            disabled={disabled}
            onChange={(value) => onChange(field.name, value)}
          />
        ))}
      </Fragment>
    ));
    return title === null ? (
      <Fragment key={key}>{inputs}</Fragment>
    ) : (
      <Part key={key} title={title} wrong={groups.some((group) => group.fields.some((field) => errorOf(field) !== null))}>
        {inputs}
      </Part>
    );
  });
}

/** Folded until somebody wants to see it, or something in it is wrong. */
function Part({ title, wrong, children }: { title: string; wrong: boolean; children: ReactNode }) {
  const [open, setOpen] = useState(false);
  const shown = open || wrong;
  return (
    <section className={classes.part}>
      <button type="button" className={classes.partTitle} aria-expanded={shown} onClick={() => setOpen(!shown)}>
        <IconChevronRight size={16} stroke={1.8} aria-hidden="true" />
        {title}
      </button>
      {shown ? <div className={classes.partBody}>{children}</div> : null}
    </section>
  );
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
        {field.description === null ? null : <MarkdownLine source={field.description} />}{" "}
        {field.helpUrl === null ? null : (
          <Anchor href={field.helpUrl} target="_blank" rel="noopener noreferrer" size="xs">
            {t("form.where")}
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
          data={field.options.map(({ value: key, label }) => ({ value: key, label }))}
          value={value === null || value === undefined || value === "" ? null : optionKey(value)}
          allowDeselect={!field.required}
          onChange={(key) => onChange(field.options.find((option) => option.value === key)?.raw ?? null)}
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
