import "@mantine/core/styles.css";
import "./styles/tokens.css";
import "./styles/base.css";
import { createRoot } from "react-dom/client";
import { App } from "./app/app.tsx";
import { reloadAfterUpgrade } from "./lib/reload-after-upgrade.ts";
import { startI18n } from "./lib/i18n.ts";

reloadAfterUpgrade();

const root = document.getElementById("root");
if (root === null) throw new Error("index.html has no #root");
await startI18n();
createRoot(root).render(<App />);
