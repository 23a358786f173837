import { Textarea, TextInput } from "@mantine/core";
import { type KeyboardEvent, useEffect, useId, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import classes from "./customer-panel.module.css";

interface Props {
  label: string;
  value: string;
  placeholder: string;
  type?: "text" | "email" | "tel";
  multiline?: boolean;
  readOnly: boolean;
  /** Answers the complaint about the value, or null when it was saved. */
  onSave: (value: string) => Promise<string | null>;
}

/** A value that becomes a field when it is clicked: Enter or leaving saves, Escape takes it back. */
export function InlineField({ label, value, placeholder, type = "text", multiline = false, readOnly, onSave }: Props) {
  const { t } = useTranslation();
  const labelId = useId();
  const [editing, setEditing] = useState(false);
  const [text, setText] = useState(value);
  const [problem, setProblem] = useState<string | null>(null);
  const opener = useRef<HTMLButtonElement>(null);
  const cancelled = useRef(false);
  useEffect(() => {
    if (!editing) setText(value);
  }, [value, editing]);

  const finish = () => {
    setEditing(false);
    setProblem(null);
    window.requestAnimationFrame(() => opener.current?.focus({ preventScroll: true }));
  };
  const save = async () => {
    if (cancelled.current) return;
    const next = text.trim();
    if (next === value.trim()) return finish();
    const complaint = await onSave(next);
    if (complaint === null) finish();
    else setProblem(complaint);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === "Escape") {
      event.stopPropagation();
      cancelled.current = true;
      setText(value);
      finish();
    } else if (event.key === "Enter" && (!multiline || event.ctrlKey || event.metaKey)) {
      event.preventDefault();
      void save();
    }
  };
  const field = {
    "aria-labelledby": labelId,
    value: text,
    error: problem,
    autoFocus: true,
    onBlur: () => void save(),
    onKeyDown,
  };

  return (
    <div className={classes.field}>
      <span id={labelId} className={classes.label}>
        {label}
      </span>
      {editing ? (
        multiline ? (
          <Textarea {...field} autosize minRows={3} maxRows={10} onChange={(event) => setText(event.currentTarget.value)} />
        ) : (
          <TextInput {...field} type={type} onChange={(event) => setText(event.currentTarget.value)} />
        )
      ) : readOnly ? (
        <span className={classes.value}>{value === "" ? "—" : value}</span>
      ) : (
        <button
          ref={opener}
          type="button"
          className={classes.value}
          data-empty={value === ""}
          aria-label={`${t("customer.edit_field", { field: label })}, ${value === "" ? placeholder : value}`}
          onClick={() => {
            cancelled.current = false;
            setEditing(true);
          }}
        >
          {value === "" ? placeholder : value}
        </button>
      )}
    </div>
  );
}
