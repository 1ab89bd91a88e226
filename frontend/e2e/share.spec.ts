import { expectAccessible, expectNoSideways } from "./support/look.js";
import { awake, take, visit } from "./support/shopper.js";
import { expect, test } from "./support/test.js";

test("a cart is given away by a link, and joins what the other one has", { tag: ["@core", "@phone"] }, async ({ page, browser }) => {
  await take(page, "/products/kelda-mug", { Colour: "Oat" }, 2);
  await take(page, "/products/chamber-holder", { Colour: "Clay" });
  await visit(page, "/cart");
  await page.getByRole("link", { name: "Share this cart" }).click();
  const link = await page.getByLabel("Link").inputValue();
  expect(link).toMatch(/\/cart\/add\?lines=var_[0-9a-f]{32}:2,var_[0-9a-f]{32}:1$/);

  const context = await browser.newContext({ javaScriptEnabled: test.info().project.use.javaScriptEnabled ?? true });
  const friend = await context.newPage();
  await take(friend, "/products/kelda-mug", { Colour: "Oat" });
  await friend.goto(link);
  await awake(friend);
  await expect(friend.getByRole("heading", { level: 1, name: "A cart for you" })).toBeVisible();
  const rows = friend.getByRole("main").getByRole("listitem");
  await expect(rows).toHaveCount(2);
  await expect(rows.first()).toContainText("Quantity 2");
  await friend.goto("/cart");
  await expect(friend.getByRole("spinbutton", { name: "Quantity" }), "looking changes nothing").toHaveValue("1");

  await friend.goto(link);
  await friend.getByRole("button", { name: "Put these into my cart" }).click();
  await expect(friend.getByRole("heading", { level: 1, name: "Your cart" })).toBeVisible();
  await expect(friend.getByRole("spinbutton", { name: "Quantity" }).first()).toHaveValue("3");
  await expect(friend.getByRole("spinbutton", { name: "Quantity" })).toHaveCount(2);
  await context.close();
});

test("links that hold nothing say so", { tag: "@core" }, async ({ page }) => {
  await page.goto("/cart/share");
  await expect(page.getByRole("heading", { name: "There is nothing to share" })).toBeVisible();
  const broken = await page.goto("/cart/add?lines=mug");
  expect(broken?.status()).toBe(400);
  await page.goto(`/cart/add?lines=var_${"0".repeat(32)}:1`);
  await expect(page.getByRole("heading", { name: "Nothing of that cart is sold any more" })).toBeVisible();
});

test("the pages of a shared cart can be read by everyone", async ({ page }) => {
  await take(page, "/products/kelda-mug", { Colour: "Oat" }, 2);
  await visit(page, "/cart/share");
  await expectAccessible(page, "sharing");
  await visit(page, new URL(await page.getByLabel("Link").inputValue()).pathname + new URL(await page.getByLabel("Link").inputValue()).search);
  await page.emulateMedia({ colorScheme: "dark", reducedMotion: "reduce" });
  await expectAccessible(page, "by night");
  await expectNoSideways(page, 320);
});
