import { expect, test } from "./fixtures";

test("a replay goes from the first step to the last record", async ({ page, request }) => {
  await page.goto("/replays");
  await page.getByRole("link", { name: "New replay" }).click();
  await page.getByRole("button", { name: /^Choose a stream Stream|Stream/ }).click();
  await page.getByRole("option", { name: "orders", exact: true }).click();
  await page.getByLabel("Condition (SQL)").fill("status = 'failed'");
  const selects = page.getByRole("complementary", { name: "What the plan selects" });
  await expect(selects.getByText(/^749 records/)).toBeVisible({ timeout: 30_000 });
  await page.getByRole("button", { name: "Next" }).click();
  await expect(page).toHaveURL(/step=keys/);
  await page.getByRole("button", { name: "Next" }).click();
  await page.getByLabel("Target stream").fill("orders-test");
  await page.getByLabel("Annotations", { exact: true }).fill("reason = a test");
  await page.getByRole("button", { name: "Next" }).click();
  await page.getByLabel(/Records a second/).fill("150");
  await page.getByRole("button", { name: "Make the plan" }).click();

  await expect(page).toHaveURL(/\/replays\/[0-9a-f]{12}$/, { timeout: 30_000 });
  await expect(page.getByText("planned", { exact: true })).toBeVisible();
  await expect(page.getByText("749 records")).toBeVisible();
  await expect(page.getByRole("cell", { name: /_watershed/ }).first()).toBeVisible();

  await page.getByRole("button", { name: "Run", exact: true }).click();
  await page.getByRole("button", { name: "Yes, send" }).click();
  await expect(page.getByText("running", { exact: true }).first()).toBeVisible();
  await expect(page.getByText(/[1-9]\d* of 749 acknowledged/)).toBeVisible({ timeout: 30_000 });
  await page.getByRole("button", { name: "Pause" }).click();
  await expect(page.getByText("paused", { exact: true }).first()).toBeVisible({ timeout: 30_000 });
  await page.getByRole("button", { name: "Go on" }).click();
  await expect(page.getByText("finished", { exact: true }).first()).toBeVisible({ timeout: 45_000 });
  await expect(page.getByText("749 of 749 acknowledged")).toBeVisible();

  const plan = page.url().split("/").pop();
  const shown = (await (await request.get(`/api/v1/replays/${plan}`)).json()) as { acknowledged: number; order_violations: number };
  expect(shown).toMatchObject({ acknowledged: 749, order_violations: 0 });
  await page.getByRole("link", { name: "Replay" }).first().click();
  await expect(page.getByRole("row", { name: new RegExp(`${plan}.*finished`) })).toBeVisible();
});
