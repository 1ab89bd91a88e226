import type { Page } from "@playwright/test";
import { expectAccessible, expectNoSideways } from "./support/look.js";
import { expectAddsUp } from "./support/money.js";
import { addToCart, awake, checkOut, choose, expectThanks, payWith, somebody, visit, writeAddress } from "./support/shopper.js";
import { expect, hasScripts, test } from "./support/test.js";

/** Pays for what is in the cart and sees it among what was ordered. */
async function buyIt(page: Page, holding: string): Promise<number> {
  await checkOut(page);
  await writeAddress(page, somebody());
  await payWith(page, "Accepted at once");
  const number = await expectThanks(page);
  const order = page.getByRole("complementary", { name: `Order ${number}` });
  await expect(order.getByRole("listitem")).toContainText(holding);
  return expectAddsUp(order);
}

/** Opens a page until the pictures that it names are made: the shop makes their sizes after it took the products in. */
async function visitWithPicture(page: Page, path: string, alt: string): Promise<void> {
  const picture = page.getByRole("main").getByRole("img", { name: alt }).first();
  await expect(async () => {
    await visit(page, path);
    await expect(picture).toBeVisible({ timeout: 1_000 });
  }).toPass({ timeout: 45_000 });
  await expect.poll(() => picture.evaluate((it: HTMLImageElement) => it.complete && it.naturalWidth)).toBeGreaterThan(0);
}

test.describe("catalogues of other shops", () => {
  test.skip(process.env.IMPORTED !== "1", "no catalogue of another shop was imported");

  test("what came from another shop's catalogue is found and bought", { tag: "@core" }, async ({ page }) => {
    await page.goto("/search?q=varsity");
    await page.getByRole("main").getByRole("link", { name: "Classic Varsity Top" }).click();
    await expect(page.getByRole("heading", { level: 1, name: "Classic Varsity Top" })).toBeVisible();
    await awake(page);
    const size = test.info().project.name === "scripts" ? "Small" : "Medium";
    await choose(page, { Size: size });
    await addToCart(page);

    expect(await buyIt(page, size)).toBeGreaterThanOrEqual(6000);
  });

  test("a thing without options has none to choose", { tag: "@core" }, async ({ page }) => {
    await visit(page, "/products/ocean-blue-shirt");

    await expect(page.getByRole("heading", { level: 1, name: "Ocean Blue Shirt" })).toBeVisible();
    await expect(page.getByText("Default Title")).toBeHidden();
    await expect(page.getByRole("button", { name: "Add to cart" })).toBeVisible();
  });

  test("goods that came with their photographs are looked for, looked at and bought", { tag: ["@core", "@phone"] }, async ({ page }) => {
    test.slow();
    await visitWithPicture(page, "/products/wanderer-black-hiking-boots-1", "Wanderer Black Hiking Boots");
    await page.goto("/search?q=hiking");
    const found = page.getByRole("main").getByRole("link", { name: "Wanderer Black Hiking Boots" });
    await found.first().click();
    await expect(page.getByRole("heading", { level: 1, name: "Wanderer Black Hiking Boots" })).toBeVisible();
    await expect(page.getByRole("main")).toContainText("Daybird");
    await awake(page);
    await addToCart(page);

    expect(await buyIt(page, "Wanderer Black Hiking Boots")).toBeGreaterThanOrEqual(10_999);
  });
});

const SHAPES = {
  "odd-thermometer": "A tall thermometer",
  "odd-runner": "A chequered table runner",
  "odd-pin": "A brass pin",
  "odd-vase": "A glass vase",
};

for (const [handle, alt] of Object.entries(SHAPES)) {
  test(`the photograph of ${handle} is seen whole and no larger than it is`, { tag: "@phone" }, async ({ page }) => {
    test.slow();
    await visitWithPicture(page, `/products/${handle}`, alt);

    const picture = page.getByRole("main").getByRole("img", { name: alt }).first();
    const shown = await picture.evaluate((it: HTMLImageElement) => ({
      fit: getComputedStyle(it).objectFit,
      width: it.clientWidth,
      height: it.clientHeight,
      own: it.naturalWidth / it.naturalHeight,
    }));
    expect(Math.abs(shown.width - shown.height)).toBeLessThanOrEqual(1);
    expect(shown.fit).toBe({ "odd-vase": "cover", "odd-pin": "scale-down" }[handle] ?? "contain");
    await expectNoSideways(page, page.viewportSize()?.width ?? 1280);
  });
}

test("a thing without a photograph has something in its place, whatever its name", { tag: "@phone" }, async ({ page }) => {
  await visit(page, "/products/odd-nothing");

  await expect(page.getByRole("heading", { level: 1, name: /^Oddment without a photograph, whose name/ })).toBeVisible();
  await expect(page.getByRole("button", { name: "Add to cart" })).toBeVisible();
  await expectNoSideways(page, 320);
});

test("three options are chosen one after the other", { tag: ["@core", "@phone"] }, async ({ page }) => {
  await visit(page, "/products/odd-apron");
  await choose(page, { Colour: "Clay", Size: "Large", Fabric: "Wool" });
  await expect(page.getByRole("main")).toContainText("€75.00");
  await addToCart(page);

  expect(await buyIt(page, "Wool")).toBeGreaterThanOrEqual(7500);
});

test("one of a hundred kinds is chosen, and the one that is gone cannot be", { tag: "@core" }, async ({ page }) => {
  await visit(page, "/products/odd-shelf");
  await choose(page, { Depth: "65 cm", Length: "190 cm" });
  await expect(page.getByRole("main")).toContainText("€34.00");
  await choose(page, { Depth: "85 cm", Length: "190 cm" });
  await expect(page.getByRole("button", { name: "Add to cart" })).toBeHidden();
  await choose(page, { Depth: "80 cm" });
  await addToCart(page);
});

test("words that another shop wrote are shown, and nothing that they would do is done", { tag: "@phone" }, async ({ page }) => {
  const asked: string[] = [];
  page.on("request", (request) => asked.push(request.url()));
  await visit(page, "/products/odd-letter");
  const main = page.getByRole("main");

  await expect(main.getByText("Made by Oddfellow.")).toBeVisible();
  await expect(main.getByRole("listitem").filter({ hasText: "Beech" })).toBeVisible();
  await main.getByText("Made by Oddfellow.").click();
  for (const what of ["iframe", "main img[src=x]", "main style", "main script", "input[name=card]", "[onclick]", "[onerror]", "a[href^='javascript']"]) {
    await expect(page.locator(what), what).toHaveCount(0);
  }
  if (hasScripts()) expect(await page.evaluate(() => "oddHacked" in window)).toBe(false);
  expect(asked.filter((url) => url.includes("pictures.invalid"))).toEqual([]);
});

test("pages of another shop's goods can be read by everyone, by day and by night", async ({ page }) => {
  test.slow();
  await visitWithPicture(page, "/products/odd-thermometer", SHAPES["odd-thermometer"]);
  for (const path of ["/products/odd-thermometer", "/products/odd-shelf", "/products/odd-letter", "/search?q=oddment"]) {
    await visit(page, path);
    for (const colorScheme of ["light", "dark"] as const) {
      await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
      await expectAccessible(page, `${path} ${colorScheme}`);
    }
    await expectNoSideways(page, 320);
  }
});
