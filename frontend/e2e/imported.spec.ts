import { expectAddsUp } from "./support/money.js";
import { awake, checkOut, choose, addToCart, expectThanks, payWith, somebody, visit, writeAddress } from "./support/shopper.js";
import { expect, test } from "./support/test.js";

test.skip(process.env.IMPORTED !== "1", "no catalogue of another shop was imported");

test("what came from another shop's catalogue is found and bought", { tag: "@core" }, async ({ page }) => {
  await page.goto("/search?q=varsity");
  await page.getByRole("main").getByRole("link", { name: "Classic Varsity Top" }).click();
  await expect(page.getByRole("heading", { level: 1, name: "Classic Varsity Top" })).toBeVisible();
  await awake(page);
  const size = test.info().project.name === "scripts" ? "Small" : "Medium";
  await choose(page, { Size: size });
  await addToCart(page);
  await checkOut(page);
  await writeAddress(page, somebody());
  await payWith(page, "Accepted at once");

  const number = await expectThanks(page);
  const order = page.getByRole("complementary", { name: `Order ${number}` });
  await expect(order.getByRole("listitem")).toContainText(size);
  expect(await expectAddsUp(order)).toBeGreaterThanOrEqual(6000);
});

test("a thing without options has none to choose", { tag: "@core" }, async ({ page }) => {
  await visit(page, "/products/ocean-blue-shirt");

  await expect(page.getByRole("heading", { level: 1, name: "Ocean Blue Shirt" })).toBeVisible();
  await expect(page.getByText("Default Title")).toBeHidden();
  await expect(page.getByRole("button", { name: "Add to cart" })).toBeVisible();
});
