import { expect, type Locator, type Page } from "@playwright/test";
import { randomUUID } from "node:crypto";
import { hasScripts } from "./test.js";

/** Who buys, and where the parcel goes. */
export interface Shopper {
  email: string;
  name: string;
  street: string;
  postalCode: string;
  town: string;
  country: string;
}

/** Somebody in Berlin who has never been here. */
export function somebody(): Shopper {
  return {
    email: `ann-${randomUUID().slice(0, 12)}@example.com`,
    name: "Ann Weber",
    street: "Torstraße 1",
    postalCode: "10119",
    town: "Berlin",
    country: "Germany",
  };
}

/** Opens a page and waits until it is fully awake. */
export async function visit(page: Page, path: string): Promise<void> {
  await page.goto(path);
  await awake(page);
}

/** Waits for the islands of a page, where there are scripts to wake them. */
export async function awake(page: Page): Promise<void> {
  if (!hasScripts()) return;
  await page.waitForFunction(() => "live" in document.documentElement.dataset);
}

/** Ticks one value for each option, `{ Colour: "Rust" }`. */
export async function choose(page: Page, choice: Record<string, string>): Promise<void> {
  for (const [option, value] of Object.entries(choice)) {
    const values = page.getByRole("group", { name: option });
    await values.getByRole("radio", { name: new RegExp(`^${value}( |$)`) }).check();
  }
  const show = page.getByRole("button", { name: "Show this choice" });
  if (!hasScripts() && (await show.isVisible())) await show.click();
  await expect(show).toBeHidden();
}

/** Presses the button and sees that the thing is in the cart. */
export async function addToCart(page: Page): Promise<void> {
  await page.getByRole("button", { name: "Add to cart" }).click();
  if (hasScripts()) {
    await expect(page.getByRole("dialog", { name: "In your cart" })).toBeVisible();
  } else {
    await expect(page.getByRole("status").filter({ hasText: "is in your cart." })).toBeVisible();
  }
}

/** Puts something into the cart, by its address. */
export async function take(page: Page, product: string, choice: Record<string, string> = {}, many = 1): Promise<void> {
  await visit(page, product);
  await choose(page, choice);
  await page.getByLabel("Quantity").fill(String(many));
  await addToCart(page);
}

/** Goes from the drawer, or the cart's page, to the cart's page. */
export async function seeCart(page: Page): Promise<void> {
  if (hasScripts()) await page.getByRole("link", { name: "See the cart" }).click();
  await expect(page.getByRole("heading", { level: 1, name: "Your cart" })).toBeVisible();
}

/** Says on the cart's page where to deliver. */
export async function deliverFromCartTo(page: Page, country: string): Promise<void> {
  const summary = page.getByRole("complementary", { name: "Summary" });
  await summary.getByLabel("Deliver to").selectOption({ label: country });
  await summary.getByRole("button", { name: "Update" }).click();
  await expect(page.getByRole("status").filter({ hasText: "Prices are in" })).toBeVisible();
}

/** Goes to the checkout with what is in the cart. */
export async function checkOut(page: Page): Promise<void> {
  await page.getByRole("link", { name: "Check out" }).click();
  await expect(page.getByRole("heading", { level: 1, name: "Checkout" })).toBeVisible();
}

/** Fills in who and where. */
export async function writeAddress(page: Page, shopper: Shopper): Promise<void> {
  await page.getByLabel("Email").fill(shopper.email);
  await deliverTo(page, shopper.country);
  await page.getByLabel("Full name").fill(shopper.name);
  await page.getByLabel("Street and number").fill(shopper.street);
  await page.getByLabel("Postal code").fill(shopper.postalCode);
  await page.getByLabel("Town").fill(shopper.town);
}

/** Chooses the country, and asks what delivery costs there when it is another one. */
async function deliverTo(page: Page, country: string): Promise<void> {
  const menu = page.getByLabel("Country");
  const before = await menu.inputValue();
  await menu.selectOption({ label: country });
  if ((await menu.inputValue()) === before) return;
  await page.getByRole("button", { name: "Update delivery" }).click();
  await expect(page.getByText("We deliver differently there")).toBeHidden();
}

/** Sees everything that was typed in its place. */
export async function expectAddressKept(page: Page, shopper: Shopper): Promise<void> {
  await expect(page.getByLabel("Email")).toHaveValue(shopper.email);
  await expect(page.getByLabel("Full name")).toHaveValue(shopper.name);
  await expect(page.getByLabel("Street and number")).toHaveValue(shopper.street);
  await expect(page.getByLabel("Postal code")).toHaveValue(shopper.postalCode);
  await expect(page.getByLabel("Town")).toHaveValue(shopper.town);
}

/** Chooses what the test card does, `Accepted at once`. */
export async function chooseCard(page: Page, does: string): Promise<void> {
  await page.getByRole("radio", { name: /test card/i }).check();
  await page.getByLabel("What the test card does").selectOption({ label: does });
}

/** The one button that takes the money. */
export function payButton(page: Page): Locator {
  return page.getByRole("button", { name: /^Pay / });
}

/** Chooses a card and pays. */
export async function payWith(page: Page, card: string): Promise<void> {
  await chooseCard(page, card);
  await payButton(page).click();
}

/** From a page of a product to a filled-in checkout. */
export async function toTheTill(
  page: Page,
  shopper: Shopper,
  product: string,
  choice: Record<string, string> = {},
  many = 1,
): Promise<void> {
  await take(page, product, choice, many);
  await checkOut(page);
  await writeAddress(page, shopper);
}

/** Sees the order, and reads its number. */
export async function expectThanks(page: Page): Promise<string> {
  await expect(page.getByRole("heading", { level: 1, name: "Thank you, your order is placed" })).toBeVisible();
  return numberOf(page);
}

/** The number of the order that is shown. */
export async function numberOf(page: Page): Promise<string> {
  const title = await page.getByRole("heading", { level: 2, name: /^Order \S+$/ }).innerText();
  return title.replace("Order ", "");
}
