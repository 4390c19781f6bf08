import { readFileSync } from "node:fs";
import { expect, test, writeSql } from "./fixtures";

test("a statement is answered with a receipt, and asked again as of it", async ({ page }) => {
  await page.goto("/sql");
  await writeSql(page, "SELECT status, count(*) AS n FROM orders WHERE order_id IS NOT NULL GROUP BY ALL ORDER BY status");
  await page.keyboard.press("ControlOrMeta+Enter");
  await expect(page.getByText("4 rows")).toBeVisible();
  await expect(page.getByRole("gridcell", { name: "failed", exact: true })).toBeVisible();
  await expect(page).toHaveURL(/\/sql\?q=SELECT/);

  await page.getByRole("button", { name: "Run again as of" }).click();
  await expect(page).toHaveURL(/as_of=/);
  await expect(page.getByText("4 rows")).toBeVisible();
  await page.getByRole("tab", { name: "History" }).click();
  await expect(page.getByRole("tabpanel").getByText("SELECT status, count(*)")).toBeVisible();

  await page.getByRole("button", { name: "Chart" }).click();
  await expect(page.getByRole("img", { name: "n by status" })).toBeVisible();

  await page.getByRole("button", { name: "Save", exact: true }).click();
  await page.getByLabel("Name").fill("by status");
  await page.keyboard.press("Enter");
  await page.getByRole("tab", { name: "Saved" }).click();
  await expect(page.getByRole("tabpanel").getByText("by status", { exact: true })).toBeVisible();
});

test("100,000 rows stay smooth, and their end is a key away", async ({ page }) => {
  const sql = "SELECT i, i % 41 AS rest, 'row ' || i AS text, 'a+b&c%41' AS signs FROM range(100000) AS t(i)";
  await page.goto(`/sql?q=${encodeURIComponent(sql)}`);
  await page.getByRole("button", { name: /^Run/ }).click();
  await expect(page.getByText("100,000 rows")).toBeVisible({ timeout: 30_000 });
  const grid = page.getByRole("grid", { name: "Result" });
  await grid.focus();
  await page.keyboard.press("ControlOrMeta+End");
  await expect(page.getByRole("gridcell", { name: "row 99999" })).toBeVisible();
  await page.keyboard.press("ControlOrMeta+Home");
  await expect(page.getByRole("gridcell", { name: "row 0", exact: true })).toBeVisible();
  await expect(page.getByRole("gridcell", { name: "a+b&c%41" }).first()).toBeVisible();
  // However far it is scrolled, the page holds a screenful.
  expect(await page.getByRole("gridcell").count()).toBeLessThan(300);

  const download = page.waitForEvent("download");
  await page.getByRole("button", { name: "Export" }).click();
  await page.getByRole("menuitem", { name: "CSV" }).click();
  const lines = readFileSync(await (await download).path(), "utf8").trim().split(/\r?\n/);
  expect(lines).toHaveLength(100_001);
});

test("a long statement can be cancelled, and the server is free for the next", async ({ page, request }) => {
  const endless = "SELECT count(*) FROM range(100000000) a, range(100000000) b WHERE a.range * b.range % 7 = 3";
  await page.goto(`/sql?q=${encodeURIComponent(endless)}`);
  await page.getByRole("button", { name: /^Run/ }).click();
  await expect(page.getByRole("progressbar", { name: "Progress of the statement" })).toBeVisible();
  await expect(page.getByText(/running/)).toBeVisible();

  await page.getByRole("button", { name: "Cancel" }).click();

  await expect(page.getByText("Cancelled")).toBeVisible();
  await expect
    .poll(async () => ((await (await request.get("/api/v1/statements")).json()) as { statements: { state: string }[] }).statements.filter((s) => s.state === "running").length)
    .toBe(0);
  await writeSql(page, "SELECT 42 AS answer");
  await page.keyboard.press("ControlOrMeta+Enter");
  await expect(page.getByRole("gridcell", { name: "42" })).toBeVisible();
});

test("refused SQL shows the server's words, and names are completed from the schema", async ({ page }) => {
  await page.goto("/sql");
  await writeSql(page, "SELECT nonsense FROM orders");
  await page.keyboard.press("ControlOrMeta+Enter");
  await expect(page.getByRole("alert")).toContainText("nonsense");

  await expect(page.getByRole("complementary").getByText("orders", { exact: true })).toBeVisible();
  await writeSql(page, "SELECT * FROM orders WHERE ");
  await page.keyboard.type("order_i");
  await page.getByRole("option", { name: /order_id/ }).first().click();
  await expect(page.getByRole("textbox", { name: "SQL statement" })).toContainText("WHERE order_id");
});
