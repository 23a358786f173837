import { defineConfig } from "@playwright/test";

const flags = [
  "--headless",
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

export default defineConfig({
  testDir: "tests",
  // Each test has a host of its own, so nothing is shared between those that run at once.
  fullyParallel: true,
  workers: 2,
  timeout: 60_000,
  expect: { timeout: 10_000 },
  forbidOnly: process.env["CI"] !== undefined,
  retries: 0,
  // The second is read by `cargo xtask test`, for its summary.
  reporter: [["list"], ["json", { outputFile: "test-results/results.json" }]],
  outputDir: "test-results",
  use: {
    browserName: "chromium",
    locale: "en-GB",
    timezoneId: "UTC",
    colorScheme: "light",
    viewport: { width: 1440, height: 900 },
    actionTimeout: 10_000,
    navigationTimeout: 15_000,
    screenshot: "only-on-failure",
    // A recorder of traces reads previews by `fetch("blob:…")`, which the pages' policy refuses: that would be an error.
    trace: "off",
    launchOptions: { executablePath: process.env["OMNICHAT_TEST_CHROMIUM"] ?? "/usr/bin/chromium", args: flags },
  },
});
