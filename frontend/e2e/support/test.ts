import { test as base, expect } from "@playwright/test";

/** The words of a browser about a page that answers with an error on purpose. */
const STATUS = /Failed to load resource: the server responded with a status of/;
/** What it says when the next page, such as a bank's, has no part in a transition. */
const TRANSITION = /Transition was (aborted|skipped)/;
const FILES = ["image", "stylesheet", "script", "font"];

/** A test that fails when a page breaks its policy, throws, complains, or names a file that is not there. */
export const test = base.extend<{ quiet: void }>({
  quiet: [
    async ({ context }, use) => {
      const heard: string[] = [];
      context.on("console", (message) => {
        const text = message.text();
        const isPolicy = /Content[- ]Security[- ]Policy/i.test(text);
        if (isPolicy || (message.type() === "error" && !STATUS.test(text))) heard.push(text);
      });
      context.on("weberror", (error) => {
        const text = String(error.error());
        if (!TRANSITION.test(text)) heard.push(text);
      });
      context.on("response", (response) => {
        const isFile = FILES.includes(response.request().resourceType());
        if (isFile && response.status() >= 400) heard.push(`${response.status()} ${response.url()}`);
      });
      await use();
      expect(heard, "what the browser complained of").toEqual([]);
    },
    { auto: true },
  ],
});

export { expect };

/** Whether pages may run scripts here. */
export function hasScripts(): boolean {
  return test.info().project.use.javaScriptEnabled !== false;
}
