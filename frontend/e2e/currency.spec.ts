import type { Page } from "@playwright/test";
import { addToCart, checkOut, expectThanks, payWith, seeCart, somebody, take, visit, writeAddress } from "./support/shopper.js";
import { expect, test } from "./support/test.js";

/** Chooses a currency at the foot of the page. */
async function chooseCurrency(page: Page, code: string): Promise<void> {
  const foot = page.getByRole("contentinfo");
  await foot.getByLabel("Prices in").selectOption(code);
  await foot.getByRole("button", { name: "Change" }).click();
  await expect(page.getByRole("contentinfo").getByLabel("Prices in")).toHaveValue(code);
}

test("a currency is chosen once, and the cart comes along to the order", { tag: ["@core", "@phone"] }, async ({ page }) => {
  await visit(page, "/products/kelda-mug?Colour=Oat");
  await expect(page.getByRole("main")).toContainText("€19.00");
  await addToCart(page);
  await visit(page, "/products/kelda-mug?Colour=Oat");

  await chooseCurrency(page, "USD");

  await expect(page).toHaveURL(/\/products\/kelda-mug\?Colour=Oat$/);
  await expect(page.getByRole("main")).toContainText(/\$\d+\.\d\d/);
  await expect(page.getByRole("main")).toContainText("Plus tax and delivery");
  await visit(page, "/categories/mugs");
  await expect(page.getByRole("main").getByRole("article").first()).toContainText("$");
  await page.goto("/cart");
  const summary = page.getByRole("complementary", { name: "Summary" });
  await expect(summary).toContainText("$");
  await expect(summary).not.toContainText("€");
  await expect(page.getByText("since you added it")).toBeHidden();

  await checkOut(page);
  await writeAddress(page, somebody());
  // Tax comes on top of prices in dollars: the total is shown first.
  await page.getByRole("button", { name: "Continue to the total" }).click();
  await payWith(page, "Accepted at once");
  const number = await expectThanks(page);
  const order = page.getByRole("complementary", { name: `Order ${number}` });
  await expect(order).toContainText(/\$\d+\.\d\d paid/);
  await expect(order).not.toContainText("€");
});

test("an address may name the currency, and it is remembered", { tag: "@core" }, async ({ page }) => {
  await page.goto("/products/kelda-mug?currency=USD");
  await expect(page.getByRole("main")).toContainText("$");
  await page.goto("/categories/mugs");
  await expect(page.getByRole("main").getByRole("article").first()).toContainText("$");

  await page.goto("/categories/mugs?currency=EUR");
  await expect(page.getByRole("main").getByRole("article").first()).toContainText("€");
  await page.goto("/categories/mugs?currency=XYZ");
  await expect(page.getByRole("main").getByRole("article").first()).toContainText("€");
});

test("what is put into a cart afterwards is in the chosen currency", { tag: "@core" }, async ({ page }) => {
  await page.goto("/");
  await chooseCurrency(page, "USD");
  await take(page, "/products/chamber-holder", { Colour: "Clay" });
  await seeCart(page);

  await expect(page.getByRole("complementary", { name: "Summary" })).toContainText("$");
});

test("pages of both currencies are the same bytes for everyone who chose the same", async ({ request }) => {
  const ask = (cookie: string) => request.get("/products/kelda-mug", { headers: { cookie } });
  const [euro, again, dollar] = [await ask(""), await ask("__Host-cart=x"), await ask("__Host-currency=USD")];

  expect(await again.text()).toBe(await euro.text());
  expect(await dollar.text()).not.toBe(await euro.text());
  for (const answer of [euro, dollar]) {
    expect(answer.headers()["cache-control"]).toContain("public");
    expect(answer.headers()["vary"]).toContain("cookie");
    expect(await answer.text()).toContain('rel="canonical" href="');
    expect(await answer.text()).not.toMatch(/rel="canonical" href="[^"]*currency/);
  }
  const news = await request.get("/products/kelda-mug?currency=USD", { headers: { cookie: "" } });
  expect(news.headers()["cache-control"]).toBe("no-store");
});
