import type { APIRequestContext, Page } from "@playwright/test";
import { expect, test } from "./support/test.js";

interface Thing {
  "@context": string;
  "@type": string;
  [name: string]: unknown;
}

const PUBLIC = ["/", "/categories/kitchen", "/products/ridge-mug", "/pages/delivery", "/journal", "/journal/six-weeks-in-a-bowl", "/search?q=mug&utm_source=x"];

/** The structured data of a page, each block as what it is of. */
async function things(page: Page, path: string): Promise<Record<string, Thing>> {
  await page.goto(path);
  const blocks = await page.locator('script[type="application/ld+json"]').allTextContents();
  const read = blocks.map((block) => JSON.parse(block) as Thing);
  for (const thing of read) expect(thing["@context"], path).toBe("https://schema.org");
  return Object.fromEntries(read.map((thing) => [thing["@type"], thing]));
}

async function meta(page: Page, name: string): Promise<string | null> {
  return page.locator(`meta[property="${name}"], meta[name="${name}"]`).first().getAttribute("content");
}

test("every public page names its one address", { tag: "@core" }, async ({ page, baseURL }) => {
  for (const path of PUBLIC) {
    await page.goto(`${path}${path.includes("?") ? "&" : "?"}currency=EUR`);
    const canonical = page.locator('link[rel="canonical"]');
    await expect(canonical, path).toHaveCount(1);
    await expect(canonical, path).toHaveAttribute("href", new URL(path.replace("&utm_source=x", ""), baseURL).href);
    expect(await meta(page, "og:url"), path).toBe(await canonical.getAttribute("href"));
    expect(await meta(page, "og:site_name"), path).toBe("Oxcart");
    expect((await meta(page, "og:title"))?.length, path).toBeGreaterThan(0);
  }
});

test("those who link here are shown a picture that is there", { tag: "@core" }, async ({ page, request, baseURL }) => {
  for (const path of PUBLIC.slice(0, 6).filter((path) => path !== "/pages/delivery")) {
    await page.goto(path);
    const url = (await meta(page, "og:image")) ?? "";
    expect(new URL(url).origin, path).toBe(new URL(baseURL ?? "").origin);
    const picture = await request.get(url);
    expect(picture.status(), url).toBe(200);
    expect(picture.headers()["content-type"], url).toBe(await meta(page, "og:image:type"));
    expect(Number(await meta(page, "og:image:width")), url).toBeGreaterThanOrEqual(400);
    expect((await meta(page, "og:image:alt"))?.length, url).toBeGreaterThan(0);
    expect(await meta(page, "twitter:card"), path).toBe("summary_large_image");
  }
});

test("search engines read what pages are about", async ({ page, request, baseURL }) => {
  const home = await things(page, "/");
  expect(home["Organization"]).toMatchObject({ name: "Oxcart", url: `${baseURL}/` });
  expect(home["WebSite"]?.["potentialAction"]).toMatchObject({
    "@type": "SearchAction",
    target: { urlTemplate: `${baseURL}/search?q={words}` },
    "query-input": "required name=words",
  });

  const shelf = await things(page, "/categories/mugs");
  const cards = await page.getByRole("main").getByRole("article").count();
  const list = shelf["ItemList"] as unknown as { numberOfItems: number; itemListElement: { position: number; url: string }[] };
  expect(list.numberOfItems).toBe(cards);
  expect(list.itemListElement.map(({ position }) => position)).toEqual([...Array(cards).keys()].map((place) => place + 1));
  for (const { url } of list.itemListElement) expect((await request.get(url)).status(), url).toBe(200);
  expect(shelf["BreadcrumbList"]).toBeDefined();

  const product = await things(page, "/products/ridge-mug");
  const offers = product["Product"]?.["offers"] as Record<string, string>[];
  expect(offers.length).toBeGreaterThan(0);
  for (const offer of offers) {
    expect(offer).toMatchObject({ "@type": "Offer", priceCurrency: "EUR", itemCondition: "https://schema.org/NewCondition" });
    expect(offer["price"]).toMatch(/^\d+\.\d\d$/);
    expect(offer["availability"]).toMatch(/^https:\/\/schema\.org\/(InStock|LimitedAvailability|BackOrder|OutOfStock)$/);
    expect((await request.get(offer["url"] ?? "")).status(), offer["url"]).toBe(200);
  }
  expect(product["BreadcrumbList"]).toBeDefined();

  const story = await things(page, "/journal/six-weeks-in-a-bowl");
  expect(story["Article"]).toMatchObject({
    headline: "Six weeks in a bowl",
    datePublished: expect.stringMatching(/^2026-11-12T/),
    publisher: { "@type": "Organization", name: "Oxcart" },
  });
});

test("robots find the map, and every address on it answers", async ({ request, baseURL }) => {
  test.slow();
  const robots = await (await request.get("/robots.txt")).text();
  const map = /^Sitemap: (.+)$/m.exec(robots)?.[1] ?? "";
  expect(map).toBe(`${baseURL}/sitemap.xml`);
  for (const hidden of ["/cart", "/checkout", "/orders/", "/account"]) expect(robots).toContain(`Disallow: ${hidden}`);

  const parts = await read(request, map, "sitemapindex", "sitemap");
  const names = parts.map(({ loc }) => new URL(loc).pathname);
  expect(names).toEqual(expect.arrayContaining(["/sitemaps/products-1.xml", "/sitemaps/categories-1.xml", "/sitemaps/pages-1.xml", "/sitemaps/posts-1.xml"]));
  const addresses: string[] = [];
  for (const part of parts) {
    const urls = await read(request, part.loc, "urlset", "url");
    expect(urls.length, part.loc).toBeLessThanOrEqual(5_000);
    addresses.push(...urls.map(({ loc }) => loc));
  }
  expect(new Set(addresses).size).toBe(addresses.length);
  for (const wanted of ["/", "/journal", "/products/ridge-mug", "/categories/mugs", "/pages/delivery", "/journal/tea-in-four-minutes"]) {
    expect(addresses).toContain(new URL(wanted, baseURL).href);
  }
  const broken: string[] = [];
  const waiting = [...addresses];
  const look = async (): Promise<void> => {
    for (let address = waiting.pop(); address !== undefined; address = waiting.pop()) {
      const answer = await request.get(address, { maxRedirects: 0 });
      if (answer.status() !== 200) broken.push(`${answer.status()} ${address}`);
    }
  };
  await Promise.all([look(), look(), look(), look()]);
  expect(broken).toEqual([]);
  expect((await request.get("/sitemaps/products-99.xml")).status()).toBe(404);
});

/** The entries of a sitemap, which must be as its schema says: one list, each entry with an address and perhaps a time. */
async function read(request: APIRequestContext, url: string, list: string, item: string): Promise<{ loc: string; lastmod?: string }[]> {
  const answer = await request.get(url);
  expect(answer.status(), url).toBe(200);
  expect(answer.headers()["content-type"], url).toContain("application/xml");
  const text = await answer.text();
  const frame = new RegExp(`^<\\?xml version="1.0" encoding="UTF-8"\\?>\\n<${list} xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">\\n([\\s\\S]*)</${list}>\\n$`);
  const inside = frame.exec(text)?.[1];
  expect(inside, `${url} is not a ${list}`).toBeDefined();
  return (inside ?? "").trimEnd().split("\n").map((line) => {
    const entry = new RegExp(`^<${item}><loc>([^<>&]+)</loc>(?:<lastmod>(\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\dZ)</lastmod>)?</${item}>$`).exec(line);
    expect(entry, line).not.toBeNull();
    return { loc: entry?.[1] ?? "", ...(entry?.[2] === undefined ? {} : { lastmod: entry[2] }) };
  });
}
