import type { Page } from "@playwright/test";
import { letterTo, lettersTo, orderLink } from "./support/letters.js";
import { expectAddsUp, euros } from "./support/money.js";
import {
  addToCart,
  awake,
  checkOut,
  choose,
  expectThanks,
  payButton,
  payWith,
  seeCart,
  somebody,
  take,
  writeAddress,
} from "./support/shopper.js";
import { expect, test } from "./support/test.js";

test("a mug is bought from its shelf", { tag: ["@core", "@phone"] }, async ({ page, browser }) => {
  const ann = somebody();

  await page.goto("/");
  await page.getByRole("main").getByRole("link", { name: "Kitchen & table" }).click();
  await expect(page.getByRole("heading", { level: 1, name: "Kitchen & table" })).toBeVisible();
  await page.getByRole("navigation", { name: "Shelves inside" }).getByRole("link", { name: "Mugs & cups" }).click();
  await page.getByRole("link", { name: "Kelda mug" }).click();
  await expect(page.getByRole("heading", { level: 1, name: "Kelda mug" })).toBeVisible();
  await awake(page);
  await choose(page, { Colour: "Rust" });
  await expect(page).toHaveURL(/Colour=Rust/);
  await addToCart(page);
  await seeCart(page);

  await expect(page.getByRole("listitem").filter({ hasText: "Kelda mug" })).toContainText("Rust");
  const summary = page.getByRole("complementary", { name: "Summary" });
  await expect(summary).toContainText("€19.00");

  await checkOut(page);
  await writeAddress(page, ann);
  await page.getByRole("radio", { name: /^Standard delivery/ }).check();
  await expect(payButton(page)).toHaveText("Pay €23.90");
  await payWith(page, "Accepted at once");

  const number = await expectThanks(page);
  const order = page.getByRole("complementary", { name: `Order ${number}` });
  await expect(order.getByRole("listitem")).toHaveCount(1);
  await expect(order.getByRole("listitem")).toContainText("Rust");
  expect(await expectAddsUp(order)).toBe(2390);
  await expect(order).toContainText("€23.90 paid");
  await expect(page.getByText(ann.email)).toBeVisible();
  await expect(page.getByText(ann.street)).toBeVisible();

  const letter = await letterTo(ann.email, new RegExp(number));
  expect(letter.text).toContain("Kelda mug (Rust)");
  expect(letter.text).toContain("Total: €23.90");
  const stranger = await browser.newContext();
  await expectOrder(await stranger.newPage(), orderLink(letter), number);
  await stranger.close();
  expect(await lettersTo(ann.email)).toHaveLength(1);
});

test("what was searched for is bought, several at once", { tag: ["@core", "@phone"] }, async ({ page, isMobile }) => {
  const ann = somebody();

  await page.goto("/");
  if (isMobile) await page.getByRole("button", { name: "Search" }).first().click();
  await page.getByLabel("Search the shop").fill("pouring bottle");
  await page.getByLabel("Search the shop").press("Enter");
  await expect(page.getByRole("heading", { level: 1 })).toContainText("pouring bottle");
  await page.getByRole("main").getByRole("link", { name: "Pouring bottle" }).click();
  await expect(page.getByRole("heading", { level: 1, name: "Pouring bottle" })).toBeVisible();
  await awake(page);
  await choose(page, { Colour: "Chalk" });
  await page.getByLabel("Quantity").fill("3");
  await addToCart(page);
  await checkOut(page);
  await writeAddress(page, ann);
  await expect(payButton(page), "three are dear enough to come for nothing").toHaveText("Pay €84.00");
  await payWith(page, "Accepted at once");

  const number = await expectThanks(page);
  const order = page.getByRole("complementary", { name: `Order ${number}` });
  await expect(order.getByRole("listitem")).toContainText("Quantity 3");
  expect(await expectAddsUp(order)).toBe(8400);
});

test("two different things cost what both cost", { tag: "@core" }, async ({ page }) => {
  const ann = somebody();

  await take(page, "/products/chamber-holder", { Colour: "Clay" }, 2);
  await take(page, "/products/store-glass", { Capacity: "0.5 l" });
  await seeCart(page);
  await expect(page.getByRole("complementary", { name: "Summary" })).toContainText("3 things");
  await checkOut(page);
  await writeAddress(page, ann);
  await payWith(page, "Accepted at once");

  const number = await expectThanks(page);
  const order = page.getByRole("complementary", { name: `Order ${number}` });
  await expect(order.getByRole("listitem")).toHaveCount(2);
  const total = await expectAddsUp(order);
  expect(total, "26 + 26 + 16, delivered for nothing").toBe(6800);
  await expect(order).toContainText(euros(total));
});

async function expectOrder(page: Page, link: string, number: string): Promise<void> {
  const answer = await page.goto(link);
  expect(answer?.status()).toBe(200);
  await expect(page.getByRole("complementary", { name: `Order ${number}` })).toBeVisible();
}
