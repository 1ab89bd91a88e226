import type { Page } from "@playwright/test";
import { expectAccessible, expectNoSideways } from "./support/look.js";
import { addToCart, awake, checkOut, expectThanks, payButton, payWith, somebody, take, toTheTill, visit } from "./support/shopper.js";
import { expect, test } from "./support/test.js";

type Open = (page: Page) => Promise<void>;

/** Every page there is, and the way to it. */
const PAGES: Record<string, Open> = {
  "the home page": (page) => visit(page, "/"),
  "a shelf": (page) => visit(page, "/categories/kitchen"),
  "a narrowed shelf": (page) => visit(page, "/categories/kitchen?price_min=20&available=1&sort=price_asc"),
  "an empty list": (page) => visit(page, "/categories/mugs?price_min=5000"),
  "a search": (page) => visit(page, "/search?q=mug"),
  "a search for nothing": (page) => visit(page, "/search"),
  "a product": (page) => visit(page, "/products/ridge-mug"),
  "a product that is sold out": (page) => visit(page, "/products/trail-flask?Colour=Sage&Capacity=750+ml"),
  "a product on sale": (page) => visit(page, "/products/fell-throw"),
  "a page of words": (page) => visit(page, "/pages/delivery"),
  "a page that is not there": (page) => visit(page, "/nowhere"),
  "an empty cart": (page) => visit(page, "/cart"),
  "a cart": async (page) => {
    await take(page, "/products/kelda-mug", { Colour: "Oat" });
    await visit(page, "/cart");
  },
  "the drawer": async (page) => {
    await visit(page, "/products/kelda-mug?Colour=Oat");
    await addToCart(page);
  },
  "the checkout": (page) => toTheTill(page, somebody(), "/products/kelda-mug", { Colour: "Oat" }),
  "a checkout with mistakes": async (page) => {
    await take(page, "/products/kelda-mug", { Colour: "Oat" });
    await checkOut(page);
    await payButton(page).click();
    await expect(page.getByRole("alert")).toBeVisible();
  },
  "a declined card": async (page) => {
    await toTheTill(page, somebody(), "/products/footed-planter", { Colour: "Fir" });
    await payWith(page, "Declined");
    await expect(page.getByRole("alert")).toBeVisible();
  },
  "an order": async (page) => {
    await toTheTill(page, somebody(), "/products/footed-planter", { Colour: "Fir" });
    await payWith(page, "Accepted at once");
    await expectThanks(page);
  },
};

for (const [name, open] of Object.entries(PAGES)) {
  test(`${name} can be read by everyone, by day and by night, on the narrowest phone`, async ({ page }) => {
    test.slow();
    await open(page);
    await awake(page);
    await page.emulateMedia({ colorScheme: "light", reducedMotion: "reduce" });
    await expectAccessible(page, "by day");
    await page.emulateMedia({ colorScheme: "dark", reducedMotion: "reduce" });
    await expectAccessible(page, "by night");
    await page.emulateMedia({ colorScheme: "light", reducedMotion: "reduce" });
    await expectNoSideways(page, 320);
    await expectAccessible(page, "at 320 px");
  });
}

test("pages can be read by everyone before any script has run", async ({ page }) => {
  test.slow();
  await page.route("**/*.js", (route) => route.fulfill({ contentType: "text/javascript", body: "" }));
  for (const path of ["/", "/categories/kitchen", "/search?q=mug", "/products/ridge-mug", "/pages/returns", "/cart"]) {
    await page.goto(path);
    await expectAccessible(page, path);
  }
});

test("an open panel of the header can be read by everyone", async ({ page }) => {
  await visit(page, "/");
  await page.getByRole("navigation", { name: "Main menu" }).getByRole("button", { name: "Living" }).click();
  await expect(page.getByRole("link", { name: "Vases & planters" })).toBeVisible();

  await expectAccessible(page);
});

test("the header stands still from page to page", async ({ page }) => {
  await visit(page, "/");
  const search = page.getByLabel("Search the shop");
  const before = await search.boundingBox();
  for (const path of ["/categories/kitchen", "/categories/mugs", "/products/ridge-mug", "/cart"]) {
    await visit(page, path);
    expect(await search.boundingBox(), path).toEqual(before);
  }
});

test("the sheets of a phone open at the thumb", { tag: "@phone-only" }, async ({ page }) => {
  await visit(page, "/categories/mugs");
  await page.getByRole("button", { name: "Menu" }).tap();
  const menu = page.getByRole("navigation", { name: "Main menu" });
  await expect(menu.getByRole("link", { name: "Notebooks" })).toBeVisible();
  await expectAccessible(page, "with the menu open");
  await page.keyboard.press("Escape");
  await expect(menu.getByRole("link", { name: "Notebooks" })).toBeHidden();

  await page.getByRole("button", { name: "Filter and sort" }).tap();
  await page.getByLabel("Sort by").selectOption({ label: "Price, high to low" });
  // Axe takes the bar below an open sheet for one above it.
  await expectAccessible(page, "with the filters open", ["target-size"]);
  await page.getByRole("button", { name: "Apply" }).tap();
  await expect(page).toHaveURL(/sort=price_desc/);
  await expect(page.getByLabel("Sort by")).toBeHidden();
  await expect(page.getByRole("article").first()).toContainText("Vinter wine glass");
});

const PUBLIC = ["/", "/categories/kitchen", "/products/ridge-mug", "/search?q=mug", "/pages/delivery"];

test("every page carries the headers that protect it", { tag: "@core" }, async ({ request }) => {
  for (const path of [...PUBLIC, "/cart", "/nowhere"]) {
    const answer = await request.get(path);
    const headers = answer.headers();
    const policy = headers["content-security-policy"] ?? "";
    expect(policy, path).toContain("default-src 'none'");
    expect(policy, path).toContain("frame-ancestors 'none'");
    expect(policy, path).not.toContain("unsafe-inline");
    expect(policy.replace("'wasm-unsafe-eval'", ""), path).not.toContain("unsafe-eval");
    expect(headers, path).toMatchObject({
      "x-content-type-options": "nosniff",
      "x-frame-options": "DENY",
      "referrer-policy": "strict-origin-when-cross-origin",
      "cross-origin-opener-policy": "same-origin",
    });
    expect(headers["strict-transport-security"], path).toMatch(/max-age=\d{8}/);
    expect(headers["permissions-policy"], path).toContain("camera=()");
  }
});

test("pages that are the same for all may be kept, others never", { tag: "@core" }, async ({ request }) => {
  for (const path of PUBLIC) {
    const answer = await request.get(path);
    const headers = answer.headers();
    expect(headers["cache-control"], path).toContain("public");
    expect(headers["set-cookie"], path).toBeUndefined();
    const again = await request.get(path, { headers: { "if-none-match": headers["etag"] ?? "none" } });
    expect(again.status(), path).toBe(304);
  }
  for (const path of ["/cart", "/checkout", "/nowhere"]) {
    expect((await request.get(path)).headers()["cache-control"], path).toBe("no-store");
  }
});
