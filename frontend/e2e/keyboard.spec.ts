import type { Locator, Page } from "@playwright/test";
import { expectFocusInSight } from "./support/look.js";
import { expectAddsUp } from "./support/money.js";
import { awake, expectThanks, payButton, somebody, visit } from "./support/shopper.js";
import { expect, test } from "./support/test.js";

test("everything from the door to the order can be done by keyboard, the focus always in sight", async ({ page }) => {
  test.slow();
  const ann = somebody();

  await visit(page, "/");
  await page.keyboard.press("Tab");
  await expect(page.getByRole("link", { name: "Skip to content" })).toBeFocused();
  await expectFocusInSight(page);

  const shop = page.getByRole("navigation", { name: "Main menu" });
  await tabTo(page, shop.getByRole("button", { name: "Kitchen & table" }));
  await page.keyboard.press("Enter");
  await tabTo(page, shop.getByRole("link", { name: "Mugs & cups" }));
  await page.keyboard.press("Enter");

  await expect(page.getByRole("heading", { level: 1, name: "Mugs & cups" })).toBeVisible();
  await awake(page);
  await tabTo(page, page.getByRole("link", { name: "Skip to content" }));
  await page.keyboard.press("Enter");
  await tabTo(page, page.getByRole("link", { name: "Kelda mug" }));
  await page.keyboard.press("Enter");

  await expect(page.getByRole("heading", { level: 1, name: "Kelda mug" })).toBeVisible();
  await awake(page);
  await tabTo(page, page.getByRole("radio", { name: /^Oat/ }));
  await page.keyboard.press("ArrowRight");
  await expect(page.getByRole("radio", { name: /^Rust/ })).toBeChecked();
  await expect(page).toHaveURL(/Colour=Rust/);
  await tabTo(page, page.getByLabel("Quantity"));
  await page.keyboard.press("ArrowUp");
  await expect(page.getByLabel("Quantity")).toHaveValue("2");
  await tabTo(page, page.getByRole("button", { name: "Add to cart" }));
  await page.keyboard.press("Space");

  const drawer = page.getByRole("dialog", { name: "In your cart" });
  await expect(drawer).toBeVisible();
  await tabTo(page, drawer.getByRole("link", { name: "Check out" }));
  await page.keyboard.press("Enter");

  await expect(page.getByRole("heading", { level: 1, name: "Checkout" })).toBeVisible();
  await typeInto(page, page.getByLabel("Email"), ann.email);
  await tabTo(page, page.getByLabel("Country"));
  await page.keyboard.type(ann.country);
  await expect(page.getByLabel("Country")).toHaveValue("DE");
  await typeInto(page, page.getByLabel("Full name"), ann.name);
  await typeInto(page, page.getByLabel("Street and number"), ann.street);
  await typeInto(page, page.getByLabel("Postal code"), ann.postalCode);
  await typeInto(page, page.getByLabel("Town"), ann.town);
  await tabTo(page, page.getByRole("radio", { name: /^Standard delivery/ }));
  await page.keyboard.press("ArrowDown");
  await expect(page.getByRole("radio", { name: /^Express delivery/ })).toBeChecked();
  await tabTo(page, page.getByRole("button", { name: "Update delivery" }));
  await page.keyboard.press("Enter");

  await expect(payButton(page)).toHaveText("Pay €47.90");
  await tabTo(page, page.getByLabel("What the test card does"));
  await page.keyboard.type("Accepted at once");
  await tabTo(page, payButton(page));
  await page.keyboard.press("Enter");

  const number = await expectThanks(page);
  expect(await expectAddsUp(page.getByRole("complementary", { name: `Order ${number}` }))).toBe(4790);
});

test("mistakes in the checkout are counted, linked, and keep what was typed", { tag: "@core" }, async ({ page }) => {
  await visit(page, "/products/morning-tea?Size=80+g");
  await page.getByRole("button", { name: "Add to cart" }).click();
  await page.getByRole("link", { name: "Check out" }).click();
  await page.getByLabel("Country").selectOption({ label: "Germany" });
  await page.getByLabel("Full name").fill("Ann Weber");
  await page.getByLabel("Postal code").fill("1011");
  await page.getByLabel("Town").fill("Berlin");
  await payButton(page).click();

  const problems = page.getByRole("alert");
  await expect(problems.getByRole("heading")).toHaveText(/^(\d+|One) things? needs? your attention$/);
  await problems.getByRole("link").first().click();
  await expect(page.getByLabel("Email")).toBeFocused();
  await expect(page.getByLabel("Email")).toHaveAttribute("aria-invalid", "true");
  await expect(page.getByLabel("Email")).toHaveAccessibleDescription(/Tell us your email/);
  await expect(page.getByLabel("Full name")).toHaveValue("Ann Weber");
  await expect(page.getByLabel("Town")).toHaveValue("Berlin");

  await page.getByLabel("Email").fill("ann@example.com");
  await page.getByLabel("Street and number").fill("Torstraße 1");
  await payButton(page).click();
  await expect(page.getByRole("alert")).toContainText("One thing needs your attention");
  await expect(page.getByLabel("Postal code")).toHaveAccessibleDescription(/10115/);
});

/** Presses Tab until the focus is there, and sees it on its whole way. */
async function tabTo(page: Page, target: Locator): Promise<void> {
  for (let presses = 0; presses < 80; presses += 1) {
    await page.keyboard.press("Tab");
    await expectFocusInSight(page);
    if (await target.evaluate((one) => one === document.activeElement)) return;
  }
  throw new Error(`the focus never came to ${target}`);
}

async function typeInto(page: Page, field: Locator, text: string): Promise<void> {
  await tabTo(page, field);
  await page.keyboard.type(text);
}
