import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { test as base, expect, type Page } from "@playwright/test";
import { Stack } from "./stack";

const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

/** Tests share one server. Each fails when its page broke the content security policy, or threw. */
export const test = base.extend<{ clean: void }, { stack: Stack }>({
  stack: [
    async ({}, use) => {
      const stack = new Stack(process.env.WATERSHED_DISTRIBUTION ?? "");
      try {
        await stack.start();
        await use(stack);
      } finally {
        await stack.close();
      }
    },
    { scope: "worker", timeout: 120_000 },
  ],
  baseURL: async ({ stack }, use) => use(stack.address),
  clean: [
    async ({ page }, use) => {
      const complaints: string[] = [];
      page.on("pageerror", (error) => complaints.push(error.message));
      page.on("console", (message) => {
        if (/Content.Security.Policy/i.test(message.text())) {
          complaints.push(message.text());
        }
      });
      page.on("dialog", (dialog) => {
        complaints.push(`a dialog: ${dialog.message()}`);
        void dialog.dismiss();
      });
      page.on("request", (request) => {
        if (!request.url().startsWith("http://127.0.0.1:") && !/^(blob|data):/.test(request.url())) {
          complaints.push(`asked another host: ${request.url()}`);
        }
      });
      await use();
      expect(complaints).toEqual([]);
    },
    { auto: true },
  ],
});

export { expect };

type Violation = { id: string; impact: string; nodes: { html: string }[] };

/** What axe finds serious or critical, by rule and element. */
export async function seriousFindings(page: Page): Promise<string[]> {
  // Through the debugging protocol, which the page's policy does not bind.
  await page.evaluate(axe);
  const violations = await page.evaluate(
    async () => (await (globalThis as unknown as { axe: { run: (o: object) => Promise<{ violations: Violation[] }> } }).axe.run({ resultTypes: ["violations"] })).violations,
  );
  return violations.filter(({ impact }) => impact === "serious" || impact === "critical").flatMap(({ id, nodes }) => nodes.map(({ html }) => `${id}: ${html.slice(0, 160)}`));
}

/** Writes into the editor, in place of what it holds. */
export async function writeSql(page: Page, sql: string) {
  const editor = page.getByRole("textbox", { name: "SQL statement" });
  await editor.click();
  await page.keyboard.press("ControlOrMeta+a");
  await page.keyboard.insertText(sql);
}
