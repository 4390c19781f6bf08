import { join } from "node:path";
import { defineConfig } from "@playwright/test";

const target = process.env.WATERSHED_TARGET ?? "target";

export default defineConfig({
  testDir: ".",
  outputDir: join(target, "browser"),
  // One server for all tests, one after the other: the last ones stop it.
  workers: 1,
  fullyParallel: false,
  timeout: 60_000,
  expect: { timeout: 20_000 },
  reporter: [["./reporter.ts"]],
  use: {
    browserName: "chromium",
    viewport: { width: 1280, height: 800 },
    timezoneId: "America/New_York",
    locale: "de-DE",
    permissions: ["clipboard-read", "clipboard-write"],
    launchOptions: {
      executablePath: process.env.CHROMIUM_PATH,
      // As root, as in a container, Chromium has no sandbox of its own.
      args: process.getuid?.() === 0 ? ["--no-sandbox"] : [],
    },
    screenshot: "only-on-failure",
  },
});
