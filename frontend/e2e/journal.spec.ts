import { expectAccessible, expectNoSideways } from "./support/look.js";
import { hasStockroom, redirect } from "./support/stockroom.js";
import { visit } from "./support/shopper.js";
import { expect, test } from "./support/test.js";

test("a story is found from the home page and leads to the thing it is about", { tag: ["@core", "@phone"] }, async ({ page }) => {
  await page.goto("/");
  const section = page.getByRole("region", { name: "From the journal" });
  await expect(section.getByRole("article")).toHaveCount(3);
  await section.getByRole("link", { name: "Six weeks in a bowl" }).click();

  await expect(page.getByRole("heading", { level: 1, name: "Six weeks in a bowl" })).toBeVisible();
  const story = page.getByRole("main").getByRole("article").first();
  await expect(story.getByRole("img").first()).toBeVisible();
  await expect(story.getByText("12 November 2026")).toBeVisible();
  await story.getByRole("link", { name: "supper bowl" }).click();
  await expect(page.getByRole("heading", { level: 1, name: "Supper bowl" })).toBeVisible();
});

test("the journal lists every story, newest first", { tag: "@core" }, async ({ page }) => {
  await page.goto("/");
  await page.getByRole("contentinfo").getByRole("link", { name: "Journal" }).click();

  await expect(page.getByRole("heading", { level: 1, name: "Journal" })).toBeVisible();
  const dates = await page.getByRole("article").locator("time").evaluateAll((all) => all.map((one) => one.getAttribute("datetime")));
  expect(dates.length).toBeGreaterThanOrEqual(6);
  expect(dates).toEqual([...dates].sort().reverse());
  await page.getByRole("link", { name: "Oil for a board" }).click();
  await expect(page.getByRole("region", { name: "More from the journal" }).getByRole("article")).toHaveCount(3);
});

test("a story that is not there is a page that is not there, and one that moved leads on", async ({ page }) => {
  const nothing = await page.goto("/journal/nothing");
  expect(nothing?.status()).toBe(404);

  test.skip(!(await hasStockroom()), "there is no way into the database here");
  await redirect("/journal/an-old-story", "/journal/tea-in-four-minutes");
  await page.goto("/journal/an-old-story");
  await expect(page).toHaveURL(/\/journal\/tea-in-four-minutes$/);
});

for (const path of ["/journal", "/journal/one-lamp-is-not-enough"]) {
  test(`${path} can be read by everyone, by day and by night, on the narrowest phone`, async ({ page }) => {
    await visit(page, path);
    await page.emulateMedia({ colorScheme: "light", reducedMotion: "reduce" });
    await expectAccessible(page, "by day");
    await page.emulateMedia({ colorScheme: "dark", reducedMotion: "reduce" });
    await expectAccessible(page, "by night");
    await expectNoSideways(page, 320);
    await expectAccessible(page, "at 320 px");
  });
}
