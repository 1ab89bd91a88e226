import { defineConfig } from "@playwright/test";

/** Chromium without a sandbox (it refuses one as root) and without its own errands on the network. */
const launchOptions = {
  executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
  args: [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
  ],
};

export default defineConfig({
  testDir: ".",
  outputDir: "../../test-results",
  fullyParallel: true,
  forbidOnly: process.env.CI === "true",
  retries: process.env.CI === "true" ? 1 : 0,
  workers: 2,
  timeout: 60_000,
  expect: { timeout: 10_000 },
  reporter: [
    ["list"],
    ["json", { outputFile: process.env.PLAYWRIGHT_JSON_OUTPUT_NAME ?? "../../test-results/report.json" }],
  ],
  use: {
    actionTimeout: 15_000,
    baseURL: process.env.BASE_URL ?? "http://localhost:3000",
    browserName: "chromium",
    launchOptions,
    locale: "en-US",
    timezoneId: "UTC",
    trace: "retain-on-failure",
    viewport: { width: 1280, height: 800 },
  },
  // `@core` runs again without scripts, `@phone` again on a phone, `@phone-only` there alone.
  projects: [
    { name: "scripts", grepInvert: /@phone-only/ },
    { name: "no-scripts", grep: /@core/, use: { javaScriptEnabled: false } },
    { name: "phone", grep: /@phone/, use: { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true } },
  ],
});
