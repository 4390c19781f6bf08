import { readFileSync } from "node:fs";
import { expect, test } from "./fixtures";
import { EVIL_KEY, ORDERS } from "./stack";

test("browsing crosses the seam, and its filters are in the URL", async ({ page }) => {
  await page.goto("/browse?stream=orders");
  const records = page.getByRole("listbox", { name: "Records" });
  await expect(records.locator("[data-side=live]")).toHaveCount(5);
  await expect(records.locator("[data-side=archive]").first()).toBeVisible();
  await expect(records.locator("[data-seam]")).toHaveCount(1);

  await page.getByLabel("Condition (SQL)").fill("status = 'failed' AND amount > 700");

  await expect(page).toHaveURL(/where=status/);
  await expect(records.getByRole("option").first()).toContainText('"status":"failed"');
  await page.reload();
  await expect(page.getByLabel("Condition (SQL)")).toHaveValue("status = 'failed' AND amount > 700");
  await expect(records.getByRole("option").first()).toContainText('"status":"failed"');

  await page.getByLabel("Condition (SQL)").fill("no_such_column = 1");
  await expect(page.getByRole("alert")).toContainText("no_such_column");
});

test("the whole stream can be scrolled through, page by page", async ({ page }) => {
  await page.goto("/browse?stream=orders&order=oldest");
  const records = page.getByRole("listbox", { name: "Records" });
  await expect(records.getByRole("option").first()).toBeVisible();
  await records.focus();
  await expect
    .poll(
      async () => {
        await page.keyboard.press("End");
        return page.getByText(/^[\d,]+ records?$/).count();
      },
      { timeout: 30_000, intervals: [100] },
    )
    .toBe(1);
  await expect(page.getByText(`${new Intl.NumberFormat("en-US").format(ORDERS + 5)} records`)).toBeVisible();
});

test("a payload of scripts and markup is text, and its digits are its own", async ({ page }) => {
  await page.goto(`/browse?stream=orders&key=${encodeURIComponent(EVIL_KEY)}`);
  await page.getByRole("option").first().click();
  const detail = page.getByRole("region", { name: "Record", exact: true });
  await expect(detail.getByText(EVIL_KEY).first()).toBeVisible();
  await expect(detail.getByText("<img src=x onerror=alert(1)>:")).toBeVisible();
  await expect(detail.getByText("\"<script>document.title='pwned'</script>\"")).toBeVisible();
  await expect(detail.getByText("__proto__:")).toBeVisible();
  await expect(detail.getByText("9007199254740993")).toBeVisible();
  await expect(detail.getByText("1.10", { exact: true })).toBeVisible();
  await expect(page).not.toHaveTitle("pwned");
  expect(await page.evaluate(() => ("polluted" in {}) || document.querySelector("#root script, #root img[src=x]") !== null)).toBe(false);

  await detail.getByRole("tab", { name: "Raw" }).click();
  await expect(detail.getByRole("tabpanel")).toContainText('"price":1.10}');
  await detail.getByRole("tab", { name: "Hex" }).click();
  await expect(detail.getByRole("tabpanel")).toContainText("00000000  7b 22 63 75 73 74 6f 6d  65 72 22 3a");
});

test("a record has a link of its own, and can be exported", async ({ page }) => {
  await page.goto("/browse?stream=orders&key=c-7");
  const records = page.getByRole("listbox", { name: "Records" });
  await records.focus();
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("ArrowDown");
  const detail = page.getByRole("region", { name: "Record", exact: true });
  await expect(detail.getByText("c-7").first()).toBeVisible();
  await detail.getByRole("button", { name: "Link" }).click();
  const link = await page.evaluate(() => navigator.clipboard.readText());
  const heading = await detail.getByRole("heading").innerText();

  await page.goto(link);
  await expect(page.getByRole("region", { name: "Record", exact: true }).getByRole("heading")).toHaveText(heading);

  await page.goto("/browse?stream=orders&key=c-7");
  await expect(records.getByRole("option").first()).toBeVisible();
  const shown = await records.getByRole("option").count();
  await page.getByRole("button", { name: "Export" }).click();
  const download = page.waitForEvent("download");
  await page.getByRole("menuitem", { name: /NDJSON/ }).click();
  const lines = readFileSync(await (await download).path(), "utf8").trim().split("\n");
  expect(lines).toHaveLength(shown);
  expect(JSON.parse(lines[0] ?? "")).toMatchObject({ partition_key: "c-7", payload: { customer: { id: "c-7" } } });
});

test("the live tail shows records as they come, and holds them back while paused", async ({ page, stack }) => {
  await page.goto("/browse?stream=orders&tail=1&key=tail-key");
  await expect(page.getByRole("region", { name: "Found records" }).getByText("live", { exact: true })).toBeVisible();
  stack.put("orders", ['{"customer":{"id":"tail-key"},"note":"first"}']);
  await expect(page.getByRole("option").first()).toContainText("first");

  await page.getByRole("button", { name: "Pause" }).click();
  stack.put("orders", ['{"customer":{"id":"tail-key"},"note":"second"}']);
  await expect(page.getByText("paused, 1 record waiting")).toBeVisible();
  await expect(page.getByRole("option")).toHaveCount(1);
  await page.getByRole("button", { name: "Go on" }).click();
  await expect(page.getByRole("option").nth(1)).toContainText("second");
});
