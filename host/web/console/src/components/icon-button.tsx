import { ActionIcon, Tooltip } from "@mantine/core";
import { type ComponentProps, forwardRef, type ReactNode } from "react";
import classes from "./icon-button.module.css";

interface Props extends Omit<ComponentProps<typeof ActionIcon<"button">>, "aria-label" | "children"> {
  label: string;
  /** The shortcut, shown in the tooltip. */
  keys?: string | undefined;
  children: ReactNode;
}

/** An icon that does something: always named, its name and shortcut on hover. */
export const IconButton = forwardRef<HTMLButtonElement, Props>(function IconButton(
  { label, keys, children, ...rest },
  ref,
) {
  return (
    <Tooltip
      // What it opens must not lie under its name.
      disabled={rest["aria-expanded"] === true}
      label={
        keys === undefined ? (
          label
        ) : (
          <span className={classes.tip}>
            {label} <Kbd keys={keys} />
          </span>
        )
      }
    >
      <ActionIcon ref={ref} size={32} aria-label={label} aria-keyshortcuts={keys} className={classes.button} {...rest}>
        {children}
      </ActionIcon>
    </Tooltip>
  );
});

/** A chord such as "Ctrl K", one key-cap each. */
export function Kbd({ keys }: { keys: string }) {
  return (
    <span className={classes.keys}>
      {keys.split(" ").map((key) => (
        <kbd key={key} className={classes.key}>
          {key}
        </kbd>
      ))}
    </span>
  );
}
