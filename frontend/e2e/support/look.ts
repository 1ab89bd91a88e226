import AxeBuilder from "@axe-core/playwright";
import { expect, type Page } from "@playwright/test";
import { hasScripts } from "./test.js";

const TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];

/**
 * Expects a page that assistive technology can read: WCAG 2.2 A and AA and good practice, as far as axe can tell.
 * Axe is a script, so this says nothing where scripts are off: the same page is looked at with scripts on.
 */
export async function expectAccessible(page: Page, when = "", but: string[] = []): Promise<void> {
  if (!hasScripts()) return;
  const { violations } = await new AxeBuilder({ page }).withTags(TAGS).disableRules(but).analyze();
  const found = violations.map(({ id, help, nodes }) => ({
    id,
    help,
    where: nodes.map((node) => `${node.target.join(" ")}: ${node.any[0]?.message ?? node.failureSummary}`),
  }));
  expect(found, `what axe objects to ${when}`).toEqual([]);
}

/** Expects that nothing is wider than the window. */
export async function expectNoSideways(page: Page, width: number): Promise<void> {
  await page.setViewportSize({ width, height: 640 });
  const wide = await page.evaluate(() => {
    const window = document.documentElement.clientWidth;
    if (document.documentElement.scrollWidth <= window) return [];
    return [...document.body.querySelectorAll("*")]
      .filter((one) => one.getBoundingClientRect().right > window + 1 && one.closest(".track") === null)
      .map((one) => `${one.tagName} ${one.className} ${Math.round(one.getBoundingClientRect().right)}`)
      .slice(0, 10);
  });
  expect(wide, `wider than ${width} px`).toEqual([]);
}

/** Expects that the focus is on something, in sight and ringed. */
export async function expectFocusInSight(page: Page): Promise<void> {
  await expect(async () => {
    const seen = await page.evaluate(() => {
      const focused = document.activeElement;
      if (focused === null || focused === document.body) return { name: "nothing", ring: true, inSight: true };
      const box = focused.getBoundingClientRect();
      const rings = [
        getComputedStyle(focused),
        getComputedStyle(focused, "::after"),
        getComputedStyle(focused.closest("label") ?? focused),
        getComputedStyle(focused.closest("form") ?? focused),
      ];
      const ringed = rings.some((ring) => ring.outlineStyle !== "none" && Number.parseFloat(ring.outlineWidth) >= 1);
      const [x, y] = [box.left + Math.min(box.width, innerWidth) / 2, box.top + Math.min(box.height, innerHeight) / 2];
      const top = document.elementFromPoint(x, y);
      const inSight = top !== null && (focused.contains(top) || top.contains(focused));
      return { name: `${focused.tagName} ${focused.id} ${focused.textContent?.trim().slice(0, 40)}`, ring: ringed, inSight };
    });
    expect(seen, seen.name).toMatchObject({ ring: true, inSight: true });
  }).toPass({ timeout: 3_000 });
}
