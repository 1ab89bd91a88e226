import { expectAccessible } from "./support/look.js";
import { visit } from "./support/shopper.js";
import { expect, hasScripts, test } from "./support/test.js";

test("what was looked at last is shown by the browser alone, and forgotten on request", { tag: "@phone" }, async ({ page, request }) => {
  await visit(page, "/");
  await expect(page.getByRole("region", { name: "You looked at" })).toBeHidden();
  for (const handle of ["kelda-mug", "moon-lamp", "kelda-mug", "plain-clock"]) await visit(page, `/products/${handle}`);

  const shelf = page.getByRole("region", { name: "You looked at" });
  await expect(shelf.getByRole("link")).toHaveText(["Kelda mug", "Moon lamp"]);
  await visit(page, "/");
  await expect(shelf.getByRole("link")).toHaveText(["Plain clock", "Kelda mug", "Moon lamp"]);
  await shelf.scrollIntoViewIfNeeded();
  const drawn = await shelf.getByRole("listitem").first().locator("img").evaluate((image: HTMLImageElement) => image.decode().then(() => image.naturalWidth));
  expect(drawn).toBe(400);
  await expectAccessible(page, "with what was looked at");
  expect(await page.context().cookies()).toEqual([]);
  expect(await (await request.get("/")).text(), "the page itself names nothing").not.toContain('data-path="/products');

  await visit(page, "/search?q=nothinglikethat");
  await shelf.getByRole("link", { name: "Moon lamp" }).click();
  await expect(page.getByRole("heading", { level: 1, name: "Moon lamp" })).toBeVisible();
  await shelf.getByRole("button", { name: "Forget these" }).click();
  await expect(shelf).toBeHidden();
  await visit(page, "/");
  await expect(shelf).toBeHidden();
});

test("without scripts nothing is shown of what was looked at", { tag: "@core" }, async ({ page }) => {
  test.skip(hasScripts(), "scripts run here");
  await page.goto("/products/kelda-mug");
  await page.goto("/products/moon-lamp");

  await expect(page.getByText("You looked at")).toBeHidden();
});
