// Runs the browser tests when there is a Chromium; never downloads one. Maven starts it, in web/:
//   WATERSHED_DISTRIBUTION  the archive to test    WATERSHED_TARGET  where reports and screenshots go
//   CHROMIUM_PATH           the browser, if it is none of the usual ones
import { spawnSync } from "node:child_process";
import { accessSync, constants, mkdirSync, writeFileSync } from "node:fs";
import { delimiter, join, resolve } from "node:path";

const target = resolve(process.env.WATERSHED_TARGET ?? "target");
const report = join(target, "surefire-reports", "TEST-web-ui.xml");

function executable(path) {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

function findChromium() {
  if (process.env.CHROMIUM_PATH) {
    return executable(process.env.CHROMIUM_PATH) ? process.env.CHROMIUM_PATH : undefined;
  }
  const names = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];
  const folders = ["/usr/bin", ...(process.env.PATH ?? "").split(delimiter)];
  const candidates = names.flatMap((name) => folders.map((folder) => join(folder, name)));
  candidates.push("/Applications/Google Chrome.app/Contents/MacOS/Google Chrome");
  return candidates.find(executable);
}

const chromium = findChromium();
mkdirSync(join(target, "surefire-reports"), { recursive: true });
if (chromium === undefined) {
  console.log("[WARNING] web UI tests skipped: no Chromium (CHROMIUM_PATH, chromium, google-chrome)");
  writeFileSync(
    report,
    '<?xml version="1.0" encoding="UTF-8"?>\n<testsuite name="web-ui" tests="1" errors="0" skipped="1" failures="0" time="0">\n' +
      '<testcase name="in a browser" classname="web-ui"><skipped message="no Chromium was found"/></testcase>\n</testsuite>\n',
  );
} else {
  const { status } = spawnSync(
    process.execPath,
    ["node_modules/@playwright/test/cli.js", "test", "--config", "e2e/playwright.config.ts", ...process.argv.slice(2)],
    { stdio: "inherit", env: { ...process.env, CHROMIUM_PATH: chromium, WATERSHED_TARGET: target, WATERSHED_REPORT: report } },
  );
  process.exit(status ?? 1);
}
