import { take, visit } from "./support/shopper.js";
import { expect, test } from "./support/test.js";

test("the header is one row on a small laptop, also beside a full cart", { tag: "@core" }, async ({ page }) => {
  await page.setViewportSize({ width: 1280, height: 800 });
  await take(page, "/products/chamber-holder", { Colour: "Clay" });
  await visit(page, "/cart");

  const heights = await page
    .getByRole("banner")
    .locator(".shelves > ul > li")
    .evaluateAll((items) => items.map((item) => Math.round(item.getBoundingClientRect().top)));
  expect(heights.length).toBeGreaterThan(3);
  expect(new Set(heights).size, `tops of the shelves: ${heights.join(", ")}`).toBe(1);
});
