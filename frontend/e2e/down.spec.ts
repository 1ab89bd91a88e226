import { spawn, type ChildProcess } from "node:child_process";
import { connect, createServer, type Socket } from "node:net";
import { expectAccessible } from "./support/look.js";
import { expect, test } from "./support/test.js";

test.skip(process.env.FRONTEND_BIN === undefined, "FRONTEND_BIN does not name the storefront's program");
test.describe.configure({ mode: "serial" });

const shops: ChildProcess[] = [];
let address: string;

test.beforeAll(async () => {
  address = await open(await freePort());
});

test.afterAll(() => {
  for (const shop of shops) shop.kill("SIGTERM");
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

test("pages that somebody has seen stay open when the stock room goes away", { tag: "@core" }, async ({ request }) => {
  const line = await lineTo(Number(new URL(process.env.API_URL ?? "http://localhost:4000").port));
  const shop = await open(line.port, { PAGE_FRESH: "0", PAGE_STALE: "0" });
  const seen = ["/", "/categories/kitchen", "/products/ridge-mug", "/search?sort=newest", "/pages/delivery"];
  const before = new Map<string, string>();
  for (const path of seen) {
    const answer = await request.get(`${shop}${path}`);
    expect(answer.status(), path).toBe(200);
    before.set(path, await answer.text());
  }

  line.cut();

  for (const path of seen) {
    const answer = await request.get(`${shop}${path}`);
    expect(answer.status(), path).toBe(200);
    expect(answer.headers(), path).toMatchObject({ "x-cache": "stale" });
    expect(await answer.text(), path).toBe(before.get(path));
  }
  for (const path of ["/products/kelda-mug", "/search?q=nobody+asked"]) {
    expect((await request.get(`${shop}${path}`)).status(), path).toBe(503);
  }
});

/** A storefront of our own with its backend at that port; gives its address. */
async function open(backend: number, settings: Record<string, string> = {}): Promise<string> {
  const [port, ops] = [await freePort(), await freePort()];
  const address = `http://localhost:${port}`;
  shops.push(
    spawn(process.env.FRONTEND_BIN ?? "", [], {
      cwd: "../..",
      stdio: "ignore",
      env: {
        ...process.env,
        LISTEN: `127.0.0.1:${port}`,
        OPS_LISTEN: `127.0.0.1:${ops}`,
        PUBLIC_URL: address,
        BACKEND_URL: `http://127.0.0.1:${backend}`,
        ...settings,
      },
    }),
  );
  await expect.poll(() => answers(address), { timeout: 20_000 }).toBe(true);
  return address;
}

/** A line to the real backend that can be cut, with all that is on it. */
async function lineTo(to: number): Promise<{ port: number; cut: () => void }> {
  const ends = new Set<Socket>();
  const server = createServer((near) => {
    const far = connect(to, "127.0.0.1");
    for (const end of [near, far]) {
      ends.add(end);
      end.on("error", () => end.destroy());
    }
    near.pipe(far).pipe(near);
  });
  const port = await new Promise<number>((done) => {
    server.listen(0, "127.0.0.1", () => {
      const bound = server.address();
      done(typeof bound === "object" && bound !== null ? bound.port : 0);
    });
  });
  const cut = (): void => {
    server.close();
    for (const end of ends) end.destroy();
  };
  return { port, cut };
}

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
