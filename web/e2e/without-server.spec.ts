import { expect, test } from "./fixtures";

// Last, since it stops the server that all tests share.
test("a lost connection is said, and made again", async ({ page, stack }) => {
  await page.goto("/streams");
  await expect(page.getByText("live", { exact: true })).toBeVisible();

  await stack.stopServer();
  await expect(page.getByRole("alert")).toContainText("Reconnecting");
  await expect(page.getByRole("link", { name: "orders", exact: true })).toBeVisible();

  await stack.serve();
  await expect(page.getByRole("alert")).toHaveCount(0, { timeout: 30_000 });
  await expect(page.getByText("live", { exact: true })).toBeVisible();
});

test("a server that wants a token gets the one that was typed, and only in a header", async ({ page }) => {
  const asked: string[] = [];
  await page.route("**/api/v1/**", async (route) => {
    asked.push(route.request().url());
    if (route.request().headers().authorization === "Bearer secret-1") {
      await route.fallback();
    } else {
      await route.fulfill({ status: 401, contentType: "application/problem+json", body: '{"status":401,"code":"token","detail":"A token is needed.","hint":""}' });
    }
  });
  await page.goto("/streams");
  const prompt = page.getByRole("dialog", { name: "This server wants a token" });
  await prompt.getByLabel("Token").fill("wrong");
  await prompt.getByRole("button", { name: "Go on" }).click();
  await expect(prompt).toContainText("was refused");
  await prompt.getByLabel("Token").fill("secret-1");
  await prompt.getByRole("button", { name: "Go on" }).click();

  await expect(page.getByRole("link", { name: "orders", exact: true })).toBeVisible();
  await expect(prompt).toHaveCount(0);
  await page.reload();
  await expect(page.getByRole("link", { name: "orders", exact: true })).toBeVisible();
  expect(asked.filter((url) => url.includes("secret"))).toEqual([]);
  expect(await page.evaluate(() => [localStorage.length > 0 && JSON.stringify(localStorage).includes("secret"), sessionStorage.getItem("watershed.token")])).toEqual([false, "secret-1"]);
});
