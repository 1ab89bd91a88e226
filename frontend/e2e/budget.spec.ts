import type { Page } from "@playwright/test";
import { awake } from "./support/shopper.js";
import { expect, test } from "./support/test.js";

/** Bytes as they came over the wire, most of each kind (storefront design, budgets). */
const MOST = { html: 15_000, css: 12_000, font: 20_000, scripts: 75_000, total: 110_000, requests: 6 };

type Kind = "html" | "css" | "font" | "scripts" | "pictures" | "other";

const KINDS: Record<string, Kind> = {
  document: "html",
  stylesheet: "css",
  font: "font",
  script: "scripts",
  image: "pictures",
};

const PAGES = { home: "/", category: "/categories/kitchen", product: "/products/ridge-mug" };

for (const [name, path] of Object.entries(PAGES)) {
  test(`a first visit of the ${name} page is light`, async ({ page }) => {
    const sent = await firstVisit(page, path);
    const { pictures, requests, ...words } = sent;
    const total = Object.values(words).reduce((sum, bytes) => sum + bytes, 0);

    const row = { ...sent, total };
    const line = Object.entries(row).map(([kind, number]) => `${kind} ${number}`);
    console.log(`bytes of a first visit, ${name.padEnd(8)} | ${line.join(" | ")}`);
    test.info().annotations.push({ type: "bytes", description: JSON.stringify(row) });
    expect.soft(sent.html, "HTML").toBeLessThanOrEqual(MOST.html);
    expect.soft(sent.css, "CSS").toBeLessThanOrEqual(MOST.css);
    expect.soft(sent.font, "font").toBeLessThanOrEqual(MOST.font);
    expect.soft(sent.scripts, "scripts and wasm").toBeLessThanOrEqual(MOST.scripts);
    expect.soft(total, "all but pictures").toBeLessThanOrEqual(MOST.total);
    expect.soft(requests, "requests but pictures").toBeLessThanOrEqual(MOST.requests);
    expect.soft(pictures, "pictures").toBeGreaterThan(0);
  });

  test(`nothing on the ${name} page jumps while it loads`, async ({ page }) => {
    await page.goto(path);
    await awake(page);
    await page.mouse.wheel(0, 4_000);
    await page.waitForLoadState("networkidle");
    const moved = await page.evaluate(
      () =>
        new Promise<number>((done) => {
          let sum = 0;
          new PerformanceObserver((list) => {
            for (const entry of list.getEntries() as (PerformanceEntry & { value: number; hadRecentInput: boolean })[]) {
              if (!entry.hadRecentInput) sum += entry.value;
            }
          }).observe({ type: "layout-shift", buffered: true });
          setTimeout(() => done(sum), 500);
        }),
    );

    expect(moved).toBeLessThan(0.001);
  });
}

test("files are kept for a year and come compressed", async ({ page }) => {
  const answers: { url: string; headers: Record<string, string> }[] = [];
  page.on("response", (response) => {
    if (response.url().includes("/assets/")) answers.push({ url: response.url(), headers: response.headers() });
  });
  await page.goto("/");
  await awake(page);

  expect(answers.length).toBeGreaterThanOrEqual(5);
  for (const { url, headers } of answers) {
    expect(headers["cache-control"], url).toBe("public, max-age=31536000, immutable");
    if (!url.endsWith(".woff2")) expect(headers["content-encoding"], url).toBe("br");
  }
});

/** Bytes by kind, with headers, and how many requests were not for pictures. */
async function firstVisit(page: Page, path: string): Promise<Record<Kind | "requests", number>> {
  const sent = { html: 0, css: 0, font: 0, scripts: 0, pictures: 0, other: 0, requests: 0 };
  const counted: Promise<void>[] = [];
  page.on("requestfinished", (request) => {
    const isWasm = request.url().endsWith(".wasm");
    const kind = isWasm ? "scripts" : (KINDS[request.resourceType()] ?? "other");
    if (kind !== "pictures") sent.requests += 1;
    counted.push(
      request.sizes().then((sizes) => {
        sent[kind] += sizes.responseBodySize + sizes.responseHeadersSize;
      }),
    );
  });
  await page.goto(path);
  await awake(page);
  await page.waitForLoadState("networkidle");
  await Promise.all(counted);
  return sent;
}
