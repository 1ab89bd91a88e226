import { expectAccessible } from "./support/look.js";
import { awake, expectThanks, payWith, somebody, take, toTheTill, visit } from "./support/shopper.js";
import { expect, test } from "./support/test.js";

test("an order is ordered again, beside what is in the cart", { tag: "@core" }, async ({ page }) => {
  await toTheTill(page, somebody(), "/products/kelda-mug", { Colour: "Oat" }, 2);
  await payWith(page, "Accepted at once");
  await expectThanks(page);
  const order = page.url();
  await take(page, "/products/chamber-holder", { Colour: "Clay" });

  await page.goto(order);
  await awake(page);
  await page.getByRole("button", { name: "Order this again" }).click();

  await expect(page.getByRole("heading", { level: 1, name: "Your cart" })).toBeVisible();
  await expect(page.getByRole("status").filter({ hasText: "All of it is in your cart." })).toBeVisible();
  const quantities = page.getByRole("spinbutton", { name: "Quantity" });
  await expect(quantities).toHaveCount(2);
  await expect(page.getByRole("listitem").filter({ hasText: "Kelda mug" }).getByRole("spinbutton")).toHaveValue("2");
});

test("an order has an invoice, for those who have its link", { tag: "@core" }, async ({ page, request }) => {
  await toTheTill(page, somebody(), "/products/kelda-mug", { Colour: "Oat" });
  await payWith(page, "Accepted at once");
  const number = await expectThanks(page);

  const link = page.getByRole("link", { name: "Invoice (PDF)" });
  const path = (await link.getAttribute("href")) ?? "";
  const answer = await request.get(path);
  expect(answer.status()).toBe(200);
  expect(answer.headers()["content-type"]).toBe("application/pdf");
  expect(answer.headers()["cache-control"]).toBe("no-store");
  expect((await answer.body()).subarray(0, 5).toString()).toBe("%PDF-");
  const wrong = await request.get(path.replace(/token=.*/, "token=wrong"));
  expect(wrong.status()).toBe(404);
  expect(number).toMatch(/^\d+$/);
});

test("a printed order is words on paper", async ({ page }) => {
  await toTheTill(page, somebody(), "/products/kelda-mug", { Colour: "Oat" });
  await payWith(page, "Accepted at once");
  const number = await expectThanks(page);
  await page.emulateMedia({ media: "print" });

  await expect(page.getByRole("heading", { level: 2, name: `Order ${number}` })).toBeVisible();
  await expect(page.getByText("Torstraße 1")).toBeVisible();
  for (const gone of [page.getByRole("banner"), page.getByRole("contentinfo"), page.getByRole("button", { name: "Order this again" }), page.getByText("Cancel this order")]) {
    await expect(gone).toBeHidden();
  }
});

test("an order is asked for by its number", { tag: "@core" }, async ({ page }) => {
  await visit(page, "/");
  await page.getByRole("contentinfo").getByRole("link", { name: "Find your order" }).click();
  await page.getByLabel("Order number").fill("ten");
  await page.getByLabel("Email").fill("ann@example.com");
  await page.getByRole("button", { name: "Send me the link" }).click();

  await expect(page.getByText("Enter the number, such as 1042.")).toBeVisible();
  await expect(page.getByLabel("Email")).toHaveValue("ann@example.com");
  await expectAccessible(page, "with a mistake");
});
