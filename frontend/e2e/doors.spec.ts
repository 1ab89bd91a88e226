import type { CDPSession, Page } from "@playwright/test";
import { becomeCustomer, expectAccount, goTo, newcomer, signOut, typeProof } from "./support/customer.js";
import { expectAccessible, expectFocusInSight, expectNoSideways } from "./support/look.js";
import { awake, expectThanks, payWith, take, toTheTill, visit, writeAddress } from "./support/shopper.js";
import { expect, test } from "./support/test.js";

/** A device that keeps passkeys, whose owner is always there. */
async function withPasskeys(page: Page): Promise<CDPSession> {
  const devtools = await page.context().newCDPSession(page);
  await devtools.send("WebAuthn.enable");
  await devtools.send("WebAuthn.addVirtualAuthenticator", {
    options: {
      protocol: "ctap2",
      transport: "internal",
      hasResidentKey: true,
      hasUserVerification: true,
      isUserVerified: true,
      automaticPresenceSimulation: true,
    },
  });
  return devtools;
}

test("a passkey is added, signs in, shows who is there, and is removed", async ({ page }) => {
  test.slow();
  await withPasskeys(page);
  const ann = await becomeCustomer(page);
  await goTo(page, "Passkeys");
  await page.getByLabel("What to call it").fill("My phone");
  await page.getByRole("button", { name: "Add a passkey" }).click();
  await expect(page.getByRole("status").filter({ hasText: "Your passkey is added." })).toBeVisible();
  await expect(page.getByText("My phone", { exact: true })).toBeVisible();

  await page.getByLabel("What to call it").fill("Once more");
  await page.getByRole("button", { name: "Add a passkey" }).click();
  await expect(page.getByRole("alert")).toHaveText("This device already has a passkey for your account.");

  // A page that asks who one is would be answered by the device before anybody could read it.
  await page.context().clearCookies();
  await page.goto("/account/sign-in?return_to=/account/profile");
  // The browser may offer the passkey by itself before the button is pressed.
  const heading = page.getByRole("heading", { level: 1, name: "Profile" });
  await expect(async () => {
    const button = page.getByRole("button", { name: "Sign in with a passkey" });
    if (await button.isVisible()) await button.click({ timeout: 1_000 }).catch(() => undefined);
    await expect(heading).toBeVisible({ timeout: 3_000 });
  }).toPass();
  await expect(page.getByText(ann.email).first()).toBeVisible();

  await page.goto("/account/confirm?return_to=/account/passkeys");
  const passkeys = page.getByRole("heading", { level: 1, name: "Passkeys" });
  await expect(async () => {
    const button = page.getByRole("button", { name: "Use a passkey" });
    if (await button.isVisible()) await button.click({ timeout: 1_000 }).catch(() => undefined);
    await expect(passkeys).toBeVisible({ timeout: 3_000 });
  }).toPass();
  await page.getByText("Remove", { exact: true }).click();
  await page.getByRole("button", { name: "Yes, remove it" }).click();
  await expect(page.getByRole("status").filter({ hasText: "The passkey is removed." })).toBeVisible();
  await expect(page.getByText("My phone", { exact: true })).toBeHidden();
});

test("a passkey that nobody gives is said in words", async ({ page }) => {
  const devtools = await withPasskeys(page);
  await becomeCustomer(page);
  await goTo(page, "Passkeys");
  await devtools.send("WebAuthn.disable");
  await page.evaluate(() => {
    navigator.credentials.create = () => Promise.reject(new DOMException("no", "NotAllowedError"));
  });
  await page.getByLabel("What to call it").fill("My phone");
  await page.getByRole("button", { name: "Add a passkey" }).click();

  await expect(page.getByRole("alert")).toContainText("Your browser did not use a passkey.");
  await expect(page.getByLabel("What to call it")).toHaveValue("My phone");
});

test("without scripts a passkey is not asked for", { tag: "@core" }, async ({ page }) => {
  test.skip(test.info().project.name !== "no-scripts", "scripts show the button");
  await page.goto("/account/sign-in");

  await expect(page.getByRole("button", { name: "Sign in with a passkey" })).toBeHidden();
  await expect(page.getByRole("button", { name: "Sign in", exact: true })).toBeVisible();
});

test("what matters asks for the password once more, and goes on", { tag: "@core" }, async ({ page }) => {
  const ann = await becomeCustomer(page);
  await visit(page, "/account/confirm?return_to=/account/password");
  await page.getByLabel("Password").fill("not mine at all");
  await page.getByRole("button", { name: "Go on" }).click();
  await expect(page.getByLabel("Password")).toHaveValue("");
  await expect(page.getByRole("main")).toContainText("That is not your password.");
  await page.getByLabel("Password").fill(ann.password);
  await page.getByRole("button", { name: "Go on" }).click();

  await expect(page.getByRole("heading", { level: 1, name: "Password" })).toBeVisible();
});

test("a door leads back to where one was, and to no other site", { tag: "@core" }, async ({ page }) => {
  test.slow();
  const ann = await becomeCustomer(page);
  await signOut(page);
  await page.goto("/account/addresses");
  await typeProof(page, ann);
  await expect(page.getByRole("heading", { level: 1, name: "Addresses" })).toBeVisible();

  for (const wish of ["https://evil.example/", "//evil.example/", "/\\evil.example", "/%09/evil.example"]) {
    await signOut(page);
    await page.goto(`/account/sign-in?return_to=${wish}`);
    await typeProof(page, ann);
    await expectAccount(page);
  }
});

test("a wrong password says so beside what was typed", { tag: ["@core", "@phone"] }, async ({ page }) => {
  const nobody = newcomer();
  await visit(page, "/account/sign-in");
  await typeProof(page, nobody);

  await expect(page.getByRole("alert")).toContainText("Wrong address or password");
  await expect(page.getByLabel("Email")).toHaveValue(nobody.email);
  await expect(page.getByLabel("Password")).toHaveValue("");
});

test("what is missing in the form for an account is said beside its field", { tag: "@core" }, async ({ page }) => {
  await visit(page, "/account/register");
  await page.getByLabel("Name").fill("Ann");
  await page.getByRole("button", { name: "Make an account" }).click();
  await expect(page.getByLabel("Email")).toHaveAccessibleDescription(/Tell us your email/);
  await page.getByLabel("Email").fill(newcomer().email);
  await page.getByLabel("Password").fill("short");
  await page.getByRole("button", { name: "Make an account" }).click();

  await expect(page.getByLabel("Password")).toHaveAttribute("aria-invalid", "true");
  await expect(page.getByLabel("Name")).toHaveValue("Ann");
});

test("pages of the account are kept by no cache and found by no search engine", { tag: "@core" }, async ({ page }) => {
  await becomeCustomer(page);
  for (const path of ["/account", "/account/orders", "/account/addresses", "/account/devices", "/account/data"]) {
    const answer = await page.request.get(path);
    expect(answer.headers()["cache-control"], path).toBe("no-store");
    expect(await answer.text(), path).toContain('name="robots" content="noindex"');
  }
  for (const path of ["/account/x.css", "/account/orders/a.js"]) {
    const answer = await page.request.get(path);
    expect(answer.status(), path).toBe(404);
    expect(answer.headers()["cache-control"], path).toBe("no-store");
  }
  const home = await page.request.get("/");
  expect(home.headers()["cache-control"]).toContain("public");
  expect(home.headers()["set-cookie"]).toBeUndefined();
});

test("the way in and through the account goes by keyboard", async ({ page }) => {
  const ann = await becomeCustomer(page);
  await signOut(page);
  await visit(page, "/account/sign-in");
  await tabTo(page, "Email");
  await page.keyboard.type(ann.email);
  await tabTo(page, "Password");
  await page.keyboard.type(ann.password);
  await page.keyboard.press("Enter");
  await expectAccount(page);
  for (let presses = 0; presses < 60; presses += 1) {
    await page.keyboard.press("Tab");
    await expectFocusInSight(page);
    if (await page.evaluate(() => document.activeElement?.getAttribute("href") === "/account/profile")) break;
  }
  await page.keyboard.press("Enter");
  await expect(page.getByRole("heading", { level: 1, name: "Profile" })).toBeVisible();
});

async function tabTo(page: Page, label: string): Promise<void> {
  const field = page.getByLabel(label, { exact: true });
  for (let presses = 0; presses < 60; presses += 1) {
    await page.keyboard.press("Tab");
    await expectFocusInSight(page);
    if (await field.evaluate((one) => one === document.activeElement)) return;
  }
  throw new Error(`the focus never came to ${label}`);
}

const DOORS = [
  "/account/sign-in",
  "/account/register",
  "/account/register/sent",
  "/account/verify?token=x",
  "/account/forgot",
  "/account/forgot/sent",
  "/account/reset?token=x",
  "/account/email?token=x",
];

const INSIDE = [
  "/account",
  "/account/orders",
  "/account/addresses",
  "/account/addresses/new",
  "/account/profile",
  "/account/password",
  "/account/passkeys",
  "/account/devices",
  "/account/data",
  "/account/confirm",
  "/checkout",
];

/** Day, night, and the narrowest phone. */
async function expectReadable(page: Page, path: string): Promise<void> {
  await visit(page, path);
  for (const colorScheme of ["light", "dark"] as const) {
    await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
    await expectAccessible(page, `${path} in the ${colorScheme}`);
  }
  const size = page.viewportSize() ?? { width: 1280, height: 800 };
  await expectNoSideways(page, 320);
  await expectAccessible(page, `${path} at 320 px`);
  await page.setViewportSize(size);
}

test("the doors of the account can be read by everyone", async ({ page }) => {
  test.setTimeout(180_000);
  for (const path of DOORS) await expectReadable(page, path);
  await visit(page, "/account/sign-in");
  await typeProof(page, newcomer());
  await expectAccessible(page, "with a wrong password");
});

test("every page of the account can be read by everyone, empty and full", async ({ page }) => {
  test.setTimeout(300_000);
  const ann = await becomeCustomer(page);
  for (const path of ["/account", "/account/orders", "/account/addresses"]) await expectReadable(page, path);
  await take(page, "/products/cutting-board", { Colour: "Oak" });
  await visit(page, "/checkout");
  await writeAddress(page, ann);
  await page.getByLabel("Keep this address").check();
  await payWith(page, "Accepted at once");
  await expectThanks(page);
  await take(page, "/products/kelda-mug", { Colour: "Oat" });
  for (const path of INSIDE) await expectReadable(page, path);
});

test("the thanks page offers an account that everyone can read of", async ({ page }) => {
  await toTheTill(page, newcomer(), "/products/cutting-board", { Colour: "Oak" });
  await payWith(page, "Accepted at once");
  await expectThanks(page);
  await awake(page);
  await expect(page.getByRole("link", { name: "Choose a password" })).toBeVisible();
  await expectAccessible(page);
});
