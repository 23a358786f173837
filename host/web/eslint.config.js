import js from "@eslint/js";
import importX from "eslint-plugin-import-x";
import reactHooks from "eslint-plugin-react-hooks";
import { readdirSync } from "node:fs";
import tseslint from "typescript-eslint";

const features = readdirSync(new URL("./console/src/features", import.meta.url));

/** A feature may use shared code, never another feature; shared code never uses a feature or the app. */
const zones = [
  ...features.map((feature) => ({
    target: `./console/src/features/${feature}`,
    from: "./console/src/features",
    except: [`./${feature}`],
    message: "Features never import each other: lift what both need out of them.",
  })),
  {
    target: ["./console/src/components", "./console/src/lib", "./console/src/queries", "./console/src/realtime"],
    from: ["./console/src/features", "./console/src/app"],
    message: "Shared code knows neither features nor the app.",
  },
  { target: "./console/src/features", from: "./console/src/app", message: "Features do not know the app." },
];

const browser = ["window", "document", "location", "navigator", "localStorage", "matchMedia", "URLSearchParams", "omni"];

export default tseslint.config(
  { ignores: ["**/dist/**", "**/node_modules/**", "**/test-results/**", "**/playwright-report/**"] },
  js.configs.recommended,
  ...tseslint.configs.recommended,
  {
    files: ["**/*.{ts,tsx}"],
    rules: {
      "@typescript-eslint/no-unused-vars": ["error", { argsIgnorePattern: "^_", varsIgnorePattern: "^_" }],
      "@typescript-eslint/consistent-type-imports": "error",
      "@typescript-eslint/no-non-null-assertion": "error",
      "no-console": "error",
      eqeqeq: ["error", "always", { null: "ignore" }],
    },
  },
  {
    files: ["console/src/**/*.{ts,tsx}"],
    plugins: { "react-hooks": reactHooks, "import-x": importX },
    settings: {
      "import-x/resolver-next": [
        {
          interfaceVersion: 3,
          name: "console-paths",
          resolve: (source, file) => resolvePath(source, file),
        },
      ],
    },
    rules: {
      "react-hooks/rules-of-hooks": "error",
      "import-x/no-restricted-paths": ["error", { zones }],
    },
  },
  { files: ["**/*.mjs", "**/*.config.{js,ts}", "**/scripts/**"], languageOptions: { globals: { process: "readonly", console: "readonly", URL: "readonly", structuredClone: "readonly" } } },
  {
    // Scripts that browsers run as they are.
    files: ["console/public/**/*.js", "widget/demo/**/*.js"],
    languageOptions: { sourceType: "script", globals: Object.fromEntries(browser.map((name) => [name, "readonly"])) },
  },
  // The loader speaks to the developer of a foreign page, who has nothing but the console.
  { files: ["widget/loader/**/*.ts"], rules: { "no-console": "off" } },
);

/** Knows the one alias and relative paths, which is all that the zones need. */
function resolvePath(source, file) {
  const root = new URL("./console/src/", import.meta.url);
  if (source.startsWith("~/")) return { found: true, path: new URL(source.slice(2), root).pathname };
  if (source.startsWith(".")) return { found: true, path: new URL(source, `file://${file}`).pathname };
  return { found: false };
}
