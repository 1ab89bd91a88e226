import { spawn, type ChildProcess } from "node:child_process";
import { createServer } from "node:net";
import { expectAccessible } from "./support/look.js";
import { expect, test } from "./support/test.js";

test.skip(process.env.FRONTEND_BIN === undefined, "FRONTEND_BIN does not name the storefront's program");
test.describe.configure({ mode: "serial" });

let shop: ChildProcess;
let address: string;

test.beforeAll(async () => {
  const [port, ops, nobody] = [await freePort(), await freePort(), await freePort()];
  address = `http://localhost:${port}`;
  shop = spawn(process.env.FRONTEND_BIN ?? "", [], {
    cwd: "../..",
    stdio: "ignore",
    env: {
      ...process.env,
      LISTEN: `127.0.0.1:${port}`,
      OPS_LISTEN: `127.0.0.1:${ops}`,
      PUBLIC_URL: address,
      BACKEND_URL: `http://127.0.0.1:${nobody}`,
    },
  });
  await expect.poll(() => answers(address), { timeout: 20_000 }).toBe(true);
});

test.afterAll(() => {
  shop.kill("SIGTERM");
});

test("while the stock room is away every page says so, and can be tried again", { tag: "@core" }, async ({ page }) => {
  for (const path of ["/", "/categories/mugs", "/products/kelda-mug", "/search?q=mug", "/pages/delivery"]) {
    const answer = await page.goto(`${address}${path}`);
    expect(answer?.status(), path).toBe(503);
    expect(answer?.headers(), path).toMatchObject({ "cache-control": "no-store", "retry-after": "10" });
    await expect(page.getByRole("heading", { level: 1, name: "The shop is taking a short break" })).toBeVisible();
    await expect(page.getByText("Your cart is safe.")).toBeVisible();
  }
  const here = page.url();
  await page.getByRole("link", { name: "Try again" }).click();
  await expect(page.getByRole("heading", { level: 1, name: "The shop is taking a short break" })).toBeVisible();
  expect(page.url()).toBe(here);
  await expectAccessible(page);
});

test("the API says in its own words that nobody answers", { tag: "@core" }, async ({ request }) => {
  const answer = await request.get(`${address}/api/products`);

  expect(answer.status()).toBe(502);
  expect(answer.headers()["content-type"]).toContain("application/problem+json");
  expect(await answer.json()).toMatchObject({ code: "bad_gateway" });
});

async function freePort(): Promise<number> {
  return new Promise((done, failed) => {
    const server = createServer();
    server.on("error", failed);
    server.listen(0, "127.0.0.1", () => {
      const bound = server.address();
      server.close(() => done(typeof bound === "object" && bound !== null ? bound.port : 0));
    });
  });
}

async function answers(url: string): Promise<boolean> {
  return fetch(url).then(
    () => true,
    () => false,
  );
}
