import { addToCart, awake, choose, visit } from "./support/shopper.js";
import { expect, test } from "./support/test.js";

test("a choice is in the address, with its price, stock and picture", { tag: "@core" }, async ({ page }) => {
  await visit(page, "/products/ridge-mug");
  const button = page.getByRole("button", { name: "Add to cart" });
  await expect(button, "what can be bought is chosen first").toBeEnabled();

  await choose(page, { Colour: "Ink", Capacity: "250 ml" });
  await expect(page).toHaveURL(/Colour=Ink&Capacity=250\+ml/);
  await expect(page.getByRole("main")).toContainText("€18.00");
  await expect(page.getByRole("img", { name: "Ridge mug in ink, three-quarter view" })).toBeVisible();

  await choose(page, { Capacity: "350 ml" });
  await expect(page.getByText("€21.00").first()).toBeVisible();
  await page.reload();
  await awake(page);
  await expect(page.getByRole("radio", { name: /^Ink/ })).toBeChecked();
  await expect(page.getByRole("radio", { name: /^350 ml/ })).toBeChecked();
});

test("what is sold out is marked, said, and cannot be bought", { tag: "@core" }, async ({ page }) => {
  await visit(page, "/products/trail-flask?Colour=Sage&Capacity=500+ml");
  await expect(page.getByRole("radio", { name: "750 ml sold out" })).toBeVisible();

  await choose(page, { Capacity: "750 ml" });

  await expect(page.getByText("Sold out for now")).toBeVisible();
  await expect(page.getByRole("button", { name: "Sold out" })).toBeDisabled();
});

test("few left are counted, and a sale says what it was before", { tag: "@core" }, async ({ page }) => {
  await page.goto("/products/coil-basket?Size=S&Colour=Natural");
  await expect(page.getByText("Only 4 left")).toBeVisible();

  await page.goto("/products/fell-throw?Colour=Fir");
  await expect(page.getByText("Now €79.00 before €95.00")).toBeAttached();
  await expect(page.getByText(/Lowest price of the last 30 days/)).toBeVisible();
});

test("what goes into the cart is shown in a drawer that Escape closes", async ({ page }) => {
  await visit(page, "/products/kelda-mug?Colour=Oat");
  await addToCart(page);

  const drawer = page.getByRole("dialog", { name: "In your cart" });
  await expect(drawer.getByRole("listitem")).toContainText("Kelda mug");
  await expect(drawer.getByRole("listitem")).toContainText("Quantity 1");
  await expect(drawer).toContainText("€19.00");
  await page.keyboard.press("Escape");
  await expect(drawer).toBeHidden();
  await expect(page.getByRole("button", { name: "Add to cart" })).toBeFocused();
  await expect(page.getByRole("link", { name: /^Cart/ })).toHaveAccessibleName("Cart 1 in it");

  await page.goto("/pages/about");
  await expect(page.getByRole("link", { name: /^Cart/ })).toHaveAccessibleName("Cart 1 in it");
});

test("steps change how many within what there is", async ({ page }) => {
  await visit(page, "/products/trail-flask?Colour=Ink&Capacity=750+ml");
  const many = page.getByLabel("Quantity");
  await expect(page.getByRole("button", { name: "One fewer" })).toBeDisabled();
  const most = Number(await many.getAttribute("max"));
  for (let now = 1; now < most; now += 1) await page.getByRole("button", { name: "One more" }).click();

  await expect(many).toHaveValue(String(most));
  await expect(page.getByRole("button", { name: "One more" })).toBeDisabled();
});

test("pictures can be looked through and enlarged", async ({ page }) => {
  await visit(page, "/products/ridge-mug?Colour=Sage&Capacity=350+ml");
  const pictures = page.getByRole("group", { name: "Pictures" });
  await pictures.getByRole("link", { name: /^Show .* seen from above/ }).click();
  await expect(pictures.getByRole("img", { name: /seen from above/ })).toBeInViewport();

  await pictures.getByRole("img", { name: /seen from above/ }).click();
  const large = page.getByRole("dialog", { name: "Picture, larger" });
  await expect(large).toBeVisible();
  await large.getByRole("button", { name: "Picture before" }).click();
  await expect(large.getByRole("img", { name: /three-quarter view/ })).toBeVisible();
  await page.keyboard.press("Escape");
  await expect(large).toBeHidden();
});

test("a product tells search engines what it is and costs", { tag: "@core" }, async ({ page }) => {
  await page.goto("/products/ridge-mug");
  const blocks = await page.evaluate(() =>
    [...document.querySelectorAll('script[type="application/ld+json"]')].map((one) => one.textContent ?? ""),
  );
  const data = blocks.map((block) => JSON.parse(block) as Record<string, unknown>);

  const product = data.find((one) => one["@type"] === "Product");
  expect(product).toMatchObject({ name: "Ridge mug", brand: { name: "Halden" } });
  expect(product?.offers).toHaveLength(6);
  expect(data.map((one) => one["@type"])).toContain("BreadcrumbList");
});
