import { minor } from "./support/money.js";
import {
  chooseCard,
  expectAddressKept,
  expectThanks,
  payButton,
  payWith,
  somebody,
  toTheTill,
} from "./support/shopper.js";
import { expect, test } from "./support/test.js";

test("a declined card charges nothing and keeps every field, and another card pays", { tag: ["@core", "@phone"] }, async ({
  page,
}) => {
  const ann = somebody();
  await toTheTill(page, ann, "/products/pencil-cup", { Colour: "Stone" });
  await page.getByRole("radio", { name: /^Express delivery/ }).check();
  await page.getByRole("button", { name: "Update delivery" }).click();
  await expect(payButton(page)).toHaveText("Pay €31.90");
  await expectAddressKept(page, ann);

  await payWith(page, "Declined");

  const notice = page.getByRole("alert");
  await expect(notice).toContainText("Your card was declined. Nothing was charged.");
  await expect(notice).toBeInViewport();
  await expectAddressKept(page, ann);
  await expect(page.getByRole("radio", { name: /^Express delivery/ })).toBeChecked();
  await expect(payButton(page)).toHaveText("Pay €31.90");

  await payWith(page, "Accepted at once");

  const number = await expectThanks(page);
  const order = page.getByRole("complementary", { name: `Order ${number}` });
  await expect(order).toContainText("€31.90 paid");
  await expect(page.getByText("€31.90 received.")).toHaveCount(1);
});

test("a card that asks to confirm leads to the provider's own page and back", { tag: "@core" }, async ({ page }) => {
  await toTheTill(page, somebody(), "/products/bud-vase", { Colour: "Sky" });
  const total = minor(await payButton(page).innerText());

  await payWith(page, "Asks you to confirm");

  await expect(page.getByRole("heading", { level: 1, name: "Test bank" })).toBeVisible();
  expect(minor(await page.getByRole("main").innerText())).toBe(total);
  await page.getByRole("button", { name: "Confirm payment" }).click();

  await expect(page).toHaveURL(/\/orders\//);
  await expect(async () => {
    await page.reload();
    await expectThanks(page);
  }).toPass({ timeout: 30_000 });
  const order = page.getByRole("complementary", { name: /^Order / });
  await expect(order).toContainText("€28.90 paid");
});

test("a payment that was refused at the provider can be made again", { tag: "@core" }, async ({ page }) => {
  await toTheTill(page, somebody(), "/products/bud-vase", { Colour: "Ink" });
  await payWith(page, "Asks you to confirm");
  await page.getByRole("button", { name: "Refuse" }).click();

  await expect(page).toHaveURL(/\/orders\//);
  await expect(page.getByRole("heading", { level: 1, name: "Your order is not paid yet" })).toBeVisible({
    timeout: 30_000,
  });
  await expect(page.getByText("Nothing was charged. Your things are kept for you")).toBeVisible();
  await chooseCard(page, "Accepted at once");
  await payButton(page).click();

  await expectThanks(page);
  await expect(page.getByRole("complementary", { name: /^Order / })).toContainText("€28.90 paid");
});

test("a bank transfer is explained, and the goods wait for the money", { tag: "@core" }, async ({ page }) => {
  await toTheTill(page, somebody(), "/products/evening-tea");
  await page.getByRole("radio", { name: /bank transfer/i }).check();
  await payButton(page).click();

  const number = await expectThanks(page);
  const how = page.getByRole("region", { name: "How to pay" });
  await expect(how).toContainText(`Reference: ${number}.`);
  await expect(page.getByText("We pack it when your money arrives.")).toBeVisible();
});
