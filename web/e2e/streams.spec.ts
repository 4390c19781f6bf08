import { expect, test } from "./fixtures";
import { ORDERS } from "./stack";

const count = new Intl.NumberFormat("en-US").format(ORDERS);

test("a stream's shards show what is archived, and what is live right of the seam", async ({ page }) => {
  await page.goto("/");
  await expect(page).toHaveURL(/\/streams$/);
  await expect(page.getByRole("row", { name: /orders/ })).toContainText(count);
  await expect(page.getByRole("row", { name: /orders/ })).toContainText("archiving");

  await page.getByRole("link", { name: "orders", exact: true }).click();

  await expect(page).toHaveURL(/\/streams\/orders$/);
  const shards = page.getByRole("table", { name: "Shards around the seam" });
  await expect(shards.getByRole("row")).toHaveCount(4);
  const archived = await shards.locator(".archived .amount").allInnerTexts();
  expect(archived.reduce((sum, text) => sum + Number(text.replaceAll(",", "")), 0)).toBe(ORDERS);
  await expect
    .poll(async () => (await shards.locator(".live .amount").allInnerTexts()).reduce((sum, text) => sum + Number(text), 0), { timeout: 30_000 })
    .toBeGreaterThanOrEqual(5); // other tests put some more
  await expect(page.getByRole("img", { name: "Lag over time" })).toBeVisible({ timeout: 30_000 });
});

test("what does not exist says so, and what to do", async ({ page }) => {
  await page.goto("/streams/nothing");
  await expect(page.getByRole("alert")).toContainText("nothing");
  await page.goto("/nowhere");
  await expect(page.getByText("There is no such page")).toBeVisible();
});
