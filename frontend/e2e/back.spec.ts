import type { Page } from "@playwright/test";
import { lettersTo } from "./support/letters.js";
import {
  awake,
  checkOut,
  chooseCard,
  deliverFromCartTo,
  expectAddressKept,
  expectThanks,
  numberOf,
  payButton,
  payWith,
  seeCart,
  somebody,
  take,
  toTheTill,
  type Shopper,
  writeAddress,
} from "./support/shopper.js";
import { hasStockroom, ordersOf } from "./support/stockroom.js";
import { expect, test } from "./support/test.js";

test("going back after buying leads to the order, not to a second one", { tag: "@core" }, async ({ page }) => {
  const ann = somebody();
  await take(page, "/products/waffle-towel", { Colour: "Oat", Size: "50 × 80 cm" });
  await seeCart(page);
  await deliverFromCartTo(page, ann.country);
  await checkOut(page);
  await writeAddress(page, ann);
  await payWith(page, "Accepted at once");
  const number = await expectThanks(page);

  await page.goBack();

  await expect(page).toHaveURL(/\/orders\//);
  await expect(page.getByRole("status").filter({ hasText: "You have ordered this already." })).toBeVisible();
  expect(await numberOf(page)).toBe(number);
  await page.goto("/cart");
  await expect(page.getByText("You have ordered what was in this cart.")).toBeVisible();
  await page.getByRole("link", { name: "See your order" }).click();
  expect(await numberOf(page)).toBe(number);
  await expectOneOrder(ann);
});

test("loading the order again shows the same order", { tag: "@core" }, async ({ page }) => {
  const ann = somebody();
  await toTheTill(page, ann, "/products/waffle-towel", { Colour: "Oat", Size: "80 × 150 cm" });
  await payWith(page, "Accepted at once");
  const number = await expectThanks(page);

  await page.reload();
  await page.reload();
  await awake(page);
  await expect(page.getByRole("link", { name: /^Cart/ }), "nothing is in the cart").toHaveAccessibleName("Cart");

  expect(await numberOf(page)).toBe(number);
  await expectOneOrder(ann);
});

test("two clicks on Pay buy once", { tag: "@core" }, async ({ page }) => {
  const ann = somebody();
  await toTheTill(page, ann, "/products/cutting-board", { Colour: "Oak" });
  await chooseCard(page, "Accepted at once");

  await payButton(page).dblclick({ noWaitAfter: true });

  await expectThanks(page);
  await expectOneOrder(ann);
});

test("two clicks on Pay with a declined card are one refusal, and the next card pays", { tag: "@core" }, async ({
  page,
}) => {
  const ann = somebody();
  await toTheTill(page, ann, "/products/cutting-board", { Colour: "Oak" });
  await chooseCard(page, "Declined");
  await payButton(page).dblclick({ noWaitAfter: true });
  await expect(page.getByRole("alert")).toContainText("Your card was declined. Nothing was charged.");

  await payWith(page, "Accepted at once");

  await expectThanks(page);
  await expectOneOrder(ann);
});

test("after a declined card, Back and Reload ask nothing and keep everything", { tag: "@core" }, async ({ page }) => {
  const ann = somebody();
  await toTheTill(page, ann, "/products/cutting-board", { Colour: "Oak" });
  await payWith(page, "Declined");
  await expect(page.getByRole("alert")).toContainText("Your card was declined. Nothing was charged.");

  const sent = formsSent(page);
  await page.reload();
  await expectAddressKept(page, ann);
  await expect(page.getByRole("alert"), "it is said once").toBeHidden();
  await page.goto("/pages/delivery");
  await page.goBack();
  await expect(page).toHaveURL(/\/checkout$/);
  await expectAddressKept(page, ann);
  expect(sent).toEqual([]);

  await payWith(page, "Accepted at once");
  await expectThanks(page);
  await expectOneOrder(ann);
});

test("after mistakes, Back and Reload ask nothing and keep what was typed", { tag: "@core" }, async ({ page }) => {
  await take(page, "/products/cutting-board", { Colour: "Oak" });
  await checkOut(page);
  await page.getByLabel("Email").fill("ann at example");
  await page.getByLabel("Full name").fill("Ann Weber");
  await page.getByLabel("Postal code").fill("1");
  await page.getByRole("radio", { name: /bank transfer/i }).check();
  await payButton(page).click();
  await expectMistakes(page);

  const sent = formsSent(page);
  await page.reload();
  await expectMistakes(page);
  await page.goto("/pages/delivery");
  await page.goBack();
  await expect(page, "nothing that was typed is in the address").toHaveURL(/\/checkout$/);
  await expectMistakes(page);
  expect(sent).toEqual([]);
});

async function expectMistakes(page: Page): Promise<void> {
  await expect(page.getByRole("alert")).toContainText("need your attention");
  await expect(page.getByLabel("Email")).toHaveValue("ann at example");
  await expect(page.getByLabel("Full name")).toHaveValue("Ann Weber");
  await expect(page.getByLabel("Postal code")).toHaveValue("1");
  await expect(page.getByRole("radio", { name: /bank transfer/i })).toBeChecked();
}

/** The forms that the browser sends from here on; a reload that sends one would ask first. */
function formsSent(page: Page): string[] {
  const sent: string[] = [];
  page.on("request", (request) => {
    if (request.method() === "POST") sent.push(request.url());
  });
  return sent;
}

test("the same form sent twice at once buys once", { tag: "@core" }, async ({ page }) => {
  const ann = somebody();
  await toTheTill(page, ann, "/products/valet-tray", { Colour: "Oak" });
  await chooseCard(page, "Accepted at once");
  const form = await formOf(page);

  const answers = await Promise.all([send(page, form), send(page, form)]);
  const later = await send(page, form);

  const places = [...answers, later].map(({ status, location, text }) => {
    expect(status, text).toBe(303);
    return location?.replace(/&new=1$/, "");
  });
  expect(new Set(places).size, places.join(" ")).toBe(1);
  expect(places[0]).toMatch(/^\/orders\//);
  await page.goto(places[0] ?? "/");
  await expectOneOrder(ann);
});

/** What the browser would send when Pay is pressed; nothing leaves. */
async function formOf(page: Page): Promise<string> {
  let form: string | null = null;
  await page.route("**/checkout", async (route) => {
    if (route.request().method() !== "POST") return route.continue();
    form = route.request().postData();
    await route.fulfill({ status: 204 });
  });
  await payButton(page).click({ noWaitAfter: true });
  await expect.poll(() => form).not.toBeNull();
  await page.unroute("**/checkout");
  return form ?? "";
}

async function send(page: Page, form: string): Promise<{ status: number; location: string | undefined; text: string }> {
  const origin = test.info().project.use.baseURL ?? "";
  const headers = { "content-type": "application/x-www-form-urlencoded", origin };
  const answer = await page.request.post("/checkout", { data: form, headers, maxRedirects: 0 });
  return { status: answer.status(), location: answer.headers()["location"], text: await answer.text() };
}

/** One letter, and where the books can be read, one order. */
async function expectOneOrder(shopper: Shopper): Promise<void> {
  await expect.poll(async () => (await lettersTo(shopper.email)).length, { timeout: 20_000 }).toBe(1);
  if (await hasStockroom()) expect(await ordersOf(shopper.email)).toBe(1);
}
