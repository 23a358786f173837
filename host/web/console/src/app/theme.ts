import { type CSSVariablesResolver, createTheme, type MantineColorsTuple } from "@mantine/core";

/** Mantine's greys of the dark scheme, moved to the near-black blue of the surfaces. */
const dark: MantineColorsTuple = [
  "#e5eaef",
  "#c3ccd5",
  "#9fabb7",
  "#8793a0",
  "#34414e",
  "#222c36",
  "#141b23",
  "#0f151c",
  "#0b1016",
  "#070a0e",
];

/** Mantine wants ten shades; what is seen comes from the roles in tokens.css. */
const accent: MantineColorsTuple = [
  "#e6f4f4",
  "#cfe7e7",
  "#a3d1d1",
  "#74bbbb",
  "#4da7a8",
  "#34999b",
  "#1f8a8e",
  "#0c7178",
  "#0c646c",
  "#084a50",
];

export const theme = createTheme({
  primaryColor: "accent",
  primaryShade: { light: 8, dark: 4 },
  colors: { accent, dark },
  fontFamily: '"Inter Variable", system-ui, sans-serif',
  headings: { fontFamily: '"Inter Variable", system-ui, sans-serif', fontWeight: "600" },
  fontSizes: { xs: "12px", sm: "13px", md: "14px", lg: "16px", xl: "20px" },
  lineHeights: { xs: "1.45", sm: "1.45", md: "1.45", lg: "1.45", xl: "1.3" },
  spacing: { xs: "4px", sm: "8px", md: "12px", lg: "16px", xl: "24px" },
  radius: { xs: "4px", sm: "6px", md: "8px", lg: "14px", xl: "20px" },
  defaultRadius: "md",
  cursorType: "pointer",
  respectReducedMotion: true,
  components: {
    Tooltip: {
      defaultProps: { openDelay: 350, transitionProps: { duration: 120 }, withArrow: false },
      // Mantine's own padding comes from the smallest space, which is tighter here.
      styles: { tooltip: { padding: "5px 10px" } },
    },
    Menu: {
      defaultProps: {
        transitionProps: { duration: 120 },
        shadow: "md",
        position: "bottom-end",
        // The placeholder is a focusable child that a menu must not have.
        withInitialFocusPlaceholder: false,
      },
    },
    Popover: { defaultProps: { transitionProps: { duration: 120 }, shadow: "md" } },
    Modal: {
      defaultProps: { transitionProps: { duration: 150 }, centered: true },
      styles: { title: { fontSize: "16px", fontWeight: 600 } },
    },
    Button: {
      defaultProps: { size: "sm" },
      vars: (_theme: unknown, props: { variant?: string; color?: string }) => ({
        root: props.variant === undefined && props.color === undefined ? { "--button-color": "var(--on-accent)" } : {},
      }),
    },
    TextInput: { defaultProps: { size: "sm" } },
    ActionIcon: { defaultProps: { variant: "subtle", color: "gray" } },
  },
});

/** Points Mantine's own variables at the roles, the same in both schemes. */
export const cssVariables: CSSVariablesResolver = () => {
  const roles = {
    "--mantine-color-body": "var(--surface-2)",
    "--mantine-color-text": "var(--text-primary)",
    "--mantine-color-bright": "var(--text-primary)",
    "--mantine-color-dimmed": "var(--text-secondary)",
    "--mantine-color-placeholder": "var(--text-disabled)",
    "--mantine-color-anchor": "var(--text-accent)",
    "--mantine-color-error": "var(--danger)",
    "--mantine-color-default": "var(--surface-2)",
    "--mantine-color-default-hover": "var(--surface-hover)",
    "--mantine-color-default-color": "var(--text-primary)",
    "--mantine-color-default-border": "var(--border-strong)",
    "--mantine-color-disabled": "var(--surface-sunken)",
    "--mantine-color-disabled-color": "var(--text-disabled)",
    "--mantine-color-disabled-border": "var(--border)",
    "--mantine-color-accent-filled": "var(--accent)",
    "--mantine-color-accent-filled-hover": "var(--accent-hover)",
    "--mantine-primary-color-filled": "var(--accent)",
    "--mantine-primary-color-filled-hover": "var(--accent-hover)",
    "--mantine-color-accent-light": "var(--surface-selected)",
    "--mantine-color-accent-light-hover": "var(--surface-selected)",
    "--mantine-color-accent-light-color": "var(--text-accent)",
    "--mantine-color-accent-text": "var(--text-accent)",
    "--mantine-color-accent-outline": "var(--text-accent)",
    "--mantine-primary-color-contrast": "var(--on-accent)",
    "--mantine-color-red-4": "var(--danger)",
    "--mantine-color-red-6": "var(--danger)",
    "--mantine-color-red-8": "var(--danger)",
    "--mantine-color-red-filled": "var(--danger)",
    "--mantine-color-red-filled-hover": "var(--danger)",
    "--mantine-color-red-light": "var(--danger-surface)",
    "--mantine-color-red-light-color": "var(--danger)",
    "--mantine-color-red-text": "var(--danger)",
    "--mantine-color-red-outline": "var(--danger)",
    "--mantine-color-gray-light": "var(--surface-sunken)",
    "--mantine-color-gray-light-hover": "var(--surface-hover)",
    "--mantine-color-gray-light-color": "var(--text-secondary)",
    "--mantine-color-gray-text": "var(--text-secondary)",
    "--mantine-shadow-md": "var(--shadow)",
    "--mantine-shadow-xl": "var(--shadow)",
  };
  return { variables: {}, light: roles, dark: roles };
};
