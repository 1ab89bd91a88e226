import AxeBuilder from "@axe-core/playwright";
import { test as base, expect, type Page } from "@playwright/test";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";

/** A test that fails when a page tries something its content security policy forbids. */
export const test = base.extend<{ noConsoleCsp: void }>({
  noConsoleCsp: [
    async ({ page }, use) => {
      const refused: string[] = [];
      page.on("console", (message) => {
        if (/Content[- ]Security[- ]Policy/i.test(message.text())) refused.push(message.text());
      });
      await use();
      expect(refused, "what the content security policy refused").toEqual([]);
    },
    { auto: true },
  ],
});

export { expect };

/**
 * Expects a page that assistive technology can read: WCAG 2.2 A and AA, as far as axe can tell.
 * Axe is a script, so this says nothing where scripts are off: the same page is looked at with scripts on.
 */
export async function expectAccessible(page: Page): Promise<void> {
  if (test.info().project.use.javaScriptEnabled === false) return;
  const tags = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"];
  const { violations } = await new AxeBuilder({ page }).withTags(tags).analyze();
  const found = violations.map(({ id, help, nodes }) => ({ id, help, where: nodes.map((node) => node.target.join(" ")) }));
  expect(found, "what axe objects to").toEqual([]);
}

/** The newest letter to an address, once it is in the development mail box. */
export async function letterTo(address: string): Promise<string> {
  const folder = process.env.MAIL_DIR ?? "../../.data/mail";
  let letter: string | undefined;
  await expect(async () => {
    const names = (await readdir(folder)).filter((name) => name.endsWith(".eml")).sort().reverse();
    const letters = await Promise.all(names.map((name) => readFile(join(folder, name), "utf8")));
    letter = letters.find((text) => text.split(/\r?\n/).some((line) => /^To:/i.test(line) && line.includes(address)));
    expect(letter, `a letter to ${address}`).toBeDefined();
  }).toPass({ timeout: 15_000 });
  return letter ?? "";
}
