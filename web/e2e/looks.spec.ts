import { join } from "node:path";
import type { Page } from "@playwright/test";
import { expect, seriousFindings, test } from "./fixtures";

const folder = join(process.env.WATERSHED_TARGET ?? "target", "screenshots");

const AREAS: { name: string; path: string; ready: (page: Page) => Promise<void> }[] = [
  { name: "streams", path: "/streams", ready: async (page) => expect(page.getByRole("link", { name: "orders", exact: true })).toBeVisible() },
  { name: "stream", path: "/streams/orders", ready: async (page) => expect(page.getByRole("img", { name: "Lag over time" })).toBeVisible() },
  {
    name: "browse",
    path: "/browse?stream=orders",
    ready: async (page) => {
      await page.getByRole("option").nth(2).click();
      await expect(page.getByRole("tab", { name: "Tree" })).toBeVisible();
    },
  },
  {
    name: "sql",
    path: `/sql?q=${encodeURIComponent("SELECT status, count(*) AS n,\n  sum(amount) AS total\nFROM orders -- archive and live\nGROUP BY ALL\nORDER BY n DESC")}`,
    ready: async (page) => {
      await page.getByRole("button", { name: /^Run/ }).click();
      await expect(page.getByRole("grid")).toBeVisible();
    },
  },
  { name: "replays", path: "/replays", ready: async (page) => expect(page.getByRole("heading", { name: "Ledger" })).toBeVisible() },
  { name: "replay-new", path: "/replays/new?stream=orders", ready: async (page) => expect(page.getByRole("status").filter({ hasText: "records" })).toBeVisible() },
];

for (const [theme, width] of [
  ["light", 1280],
  ["dark", 1280],
  ["light", 390],
  ["dark", 390],
] as const) {
  test(`every area is readable and accessible: ${theme}, ${width} pixels`, async ({ page }) => {
    await page.emulateMedia({ colorScheme: theme, reducedMotion: "reduce" });
    await page.setViewportSize({ width, height: width > 600 ? 800 : 844 });
    for (const area of AREAS) {
      await page.goto(area.path);
      await area.ready(page);
      await page.screenshot({ path: join(folder, `${area.name}-${theme}-${width}.png`) });
      expect(await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth), `${area.name} is wider than the window`).toBeLessThanOrEqual(0);
      // The colours are those of 1280 pixels.
      if (theme === "light" || width > 600) {
        expect(await seriousFindings(page), `what axe finds in ${area.name}`).toEqual([]);
      }
    }
  });
}

test("the switch wins over the system's colours, and is remembered", async ({ page }) => {
  await page.emulateMedia({ colorScheme: "light" });
  await page.goto("/streams");
  await page.getByRole("button", { name: /^Colours/ }).click();
  await page.getByRole("menuitem", { name: "Dark" }).click();
  await page.reload();
  await expect(page.getByRole("button", { name: "Colours: Dark" })).toBeVisible();
  expect(await page.evaluate(() => getComputedStyle(document.body).backgroundColor)).toBe("rgb(14, 20, 22)");
});
