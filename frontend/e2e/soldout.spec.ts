import {
  checkOut,
  expectAddressKept,
  expectThanks,
  payButton,
  payWith,
  somebody,
  toTheTill,
} from "./support/shopper.js";
import { changePrice, hasStockroom } from "./support/stockroom.js";
import { expect, hasScripts, test } from "./support/test.js";
import { buys, buysTheRest, givesBack, variantOf } from "./support/till.js";

// With and without scripts run at the same time: each has a shelf of its own to empty.

test("what sells out between cart and payment is said, and the cart shows the way out", { tag: "@core" }, async ({
  page,
  request,
}) => {
  const [handle, choice] = hasScripts()
    ? ["trail-flask", { Colour: "Ink", Capacity: "750 ml" }]
    : ["peg-shelf", { Colour: "Walnut", Size: "60 cm" }];
  const ann = somebody();
  await toTheTill(page, ann, `/products/${handle}`, choice);
  const variant = await variantOf(request, handle, Object.values(choice));
  const [, receipt] = await buysTheRest(request, variant.id);
  try {
    await payWith(page, "Accepted at once");

    const notice = page.getByRole("alert").filter({ hasText: "sold out" });
    await expect(notice).toContainText("Nothing was charged.");
    await expectAddressKept(page, ann);
    await notice.getByRole("link", { name: "See what is left" }).click();

    const line = page.getByRole("main").getByRole("listitem").filter({ hasText: "Sold out." });
    await expect(line).toBeVisible();
    await expect(page.getByRole("link", { name: "Check out" })).toBeHidden();
    await line.getByRole("button", { name: "Take it out" }).click();
    await expect(page.getByText("There is nothing in it yet.")).toBeVisible();
  } finally {
    await givesBack(request, receipt);
  }
});

test("when fewer are left than wanted, those can be bought", { tag: "@core" }, async ({ page, request }) => {
  const [handle, choice] = hasScripts()
    ? ["brook-teapot", { Colour: "Fir" }]
    : ["lattice-cushion", { Colour: "Ochre", Size: "50 cm" }];
  const ann = somebody();
  await toTheTill(page, ann, `/products/${handle}`, choice, 3);
  const variant = await variantOf(request, handle, Object.values(choice));
  const [, receipt] = await buysTheRest(request, variant.id, 1);
  try {
    await payWith(page, "Accepted at once");
    await page.getByRole("alert").getByRole("link", { name: "See what is left" }).click();

    await expect(page.getByText("Only 1 left.")).toBeVisible();
    await page.getByRole("button", { name: "Take 1" }).click();
    await expect(page.getByText("Only 1 left.")).toBeHidden();
    await checkOut(page);
    await expectAddressKept(page, ann);
    await payWith(page, "Accepted at once");
    await expectThanks(page);
    await page.getByText("Cancel this order").click();
    await page.getByRole("button", { name: "Yes, cancel the order" }).click();
    await expect(page.getByRole("heading", { level: 1, name: "This order is cancelled" })).toBeVisible();
  } finally {
    await givesBack(request, receipt);
  }
});

test("a price that changes before payment is shown before anything is charged", { tag: "@core" }, async ({
  page,
  request,
}) => {
  test.skip(!(await hasStockroom()), "no route changes prices yet, and there is no psql or no DATABASE_URL");
  const [handle, choice] = hasScripts()
    ? ["terrace-planter", { Colour: "Clay", Size: "14 cm" }]
    : ["terrace-planter", { Colour: "Stone", Size: "18 cm" }];
  const ann = somebody();
  await toTheTill(page, ann, `/products/${handle}`, choice);
  const before = await payButton(page).innerText();
  const variant = await variantOf(request, handle, Object.values(choice));
  await changePrice(variant.id, 150);
  try {
    await payWith(page, "Accepted at once");

    const notice = page.getByRole("alert").filter({ hasText: "The total changed" });
    await expect(notice).toContainText(before.replace("Pay ", "from "));
    const after = await payButton(page).innerText();
    await expect(notice).toContainText(after.replace("Pay ", "to "));
    expect(after).not.toBe(before);
    await expectAddressKept(page, ann);

    await payButton(page).click();

    await expectThanks(page);
    await expect(page.getByText(`${after.replace("Pay ", "")} paid`)).toBeVisible();
  } finally {
    await changePrice(variant.id, -150);
  }
});

test("a cart that grew in another window is not paid for unseen", { tag: "@core" }, async ({ page, context }) => {
  await toTheTill(page, somebody(), "/products/plain-plate", { Colour: "Sky", Size: "27 cm" });
  await expect(payButton(page)).toHaveText("Pay €23.90");
  const other = await context.newPage();
  await other.goto("/cart");
  await other.getByLabel("Quantity").fill("2");
  await other.getByRole("button", { name: /^Update Plain plate/ }).click();
  await expect(other.getByRole("complementary", { name: "Summary" })).toContainText("€38.00");

  await payWith(page, "Accepted at once");

  await expect(page.getByRole("alert")).toContainText("The total changed from €23.90 to €42.90.");
  await payButton(page).click();
  await expectThanks(page);
  await expect(page.getByText("€42.90 paid")).toBeVisible();
});

test("no more go into a cart than there are", { tag: "@core" }, async ({ page, request }) => {
  const variant = await variantOf(request, "moon-lamp", []);
  await page.goto("/products/moon-lamp");
  const many = page.getByLabel("Quantity");
  await expect(many).toHaveAttribute("max", String(variant.max_quantity));
  const receipt = await buys(request, variant.id, 1);
  try {
    await page.getByLabel("Quantity").fill(String(variant.max_quantity));
    await page.getByRole("button", { name: "Add to cart" }).click();

    const told = page.getByText(/left|sold out|at most|only/i).first();
    await expect(told).toBeVisible();
  } finally {
    await givesBack(request, receipt);
  }
});

test("a cart can be changed and emptied", { tag: "@core" }, async ({ page }) => {
  await toTheTill(page, somebody(), "/products/sketchbook", { Colour: "Black" });
  await page.getByRole("link", { name: "Back to cart" }).click();
  await page.getByLabel("Quantity").fill("3");
  await page.getByRole("button", { name: "Update Sketchbook" }).click();
  const summary = page.getByRole("complementary", { name: "Summary" });
  await expect(summary).toContainText("3 things");
  await expect(summary).toContainText("€87.00");

  await summary.getByLabel("Deliver to").selectOption({ label: "France" });
  await summary.getByRole("button", { name: "Update" }).click();
  await expect(summary.getByLabel("Deliver to")).toHaveValue("FR");
  await expect(summary).toContainText("€9.90");

  await page.getByRole("button", { name: "Remove Sketchbook" }).click();
  await expect(page.getByText("There is nothing in it yet.")).toBeVisible();
});
