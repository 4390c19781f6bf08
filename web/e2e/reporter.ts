import { mkdirSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import type { FullResult, Reporter, TestCase, TestResult } from "@playwright/test/reporter";

/** What failed, one line of totals, and a report in the form that Surefire writes. */
export default class SurefireReporter implements Reporter {
  private readonly results: { test: TestCase; result: TestResult }[] = [];

  onTestEnd(test: TestCase, result: TestResult) {
    this.results.push({ test, result });
    if (process.env.WATERSHED_SLOW) {
      console.log(`${(result.duration / 1000).toFixed(1)} s  ${title(test)}`);
    }
    if (result.status !== test.expectedStatus) {
      console.log(`\n[ERROR] ${title(test)}\n${result.errors.map((e) => e.stack ?? e.message).join("\n")}`);
    }
  }

  onEnd(end: FullResult) {
    const failed = this.results.filter(({ test, result }) => result.status !== "skipped" && result.status !== test.expectedStatus).length;
    const skipped = this.results.filter(({ result }) => result.status === "skipped").length;
    const seconds = (end.duration / 1000).toFixed(1);
    console.log(`[INFO] Tests run: ${this.results.length}, Failures: ${failed}, Errors: 0, Skipped: ${skipped}, Time elapsed: ${seconds} s -- in the web UI`);
    const file = process.env.WATERSHED_REPORT;
    if (file) {
      mkdirSync(dirname(file), { recursive: true });
      writeFileSync(file, this.xml(failed, skipped, seconds));
    }
  }

  onError(error: { message?: string; stack?: string }) {
    console.log(`[ERROR] ${error.stack ?? error.message}`);
  }

  printsToStdio() {
    return true;
  }

  private xml(failed: number, skipped: number, seconds: string): string {
    const cases = this.results.map(({ test, result }) => {
      const attributes = `name="${escaped(title(test))}" classname="web-ui" time="${result.duration / 1000}"`;
      const text = result.errors.map((e) => e.message ?? "").join("\n");
      const inner = result.status === "skipped" ? "<skipped/>" : result.status === test.expectedStatus ? "" : `<failure message="${escaped(text.slice(0, 500))}"/>`;
      return `<testcase ${attributes}>${inner}</testcase>`;
    });
    return `<?xml version="1.0" encoding="UTF-8"?>\n<testsuite name="web-ui" tests="${this.results.length}" errors="0" skipped="${skipped}" failures="${failed}" time="${seconds}">\n${cases.join("\n")}\n</testsuite>\n`;
  }
}

function title(test: TestCase): string {
  return test.titlePath().filter(Boolean).join(" > ");
}

function escaped(text: string): string {
  return text
    .replace(/[^\t\n\r\u0020-\ud7ff\ue000-\ufffd]/g, "")
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll('"', "&quot;");
}
