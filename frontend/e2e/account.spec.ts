import type { Browser, Page } from "@playwright/test";
import {
  becomeCustomer,
  expectAccount,
  goTo,
  newcomer,
  register,
  signIn,
  signOut,
  typeProof,
  verify,
  type Customer,
} from "./support/customer.js";
import { lettersTo, letterTo, pathIn } from "./support/letters.js";
import {
  awake,
  checkOut,
  expectAddressKept,
  expectThanks,
  numberOf,
  payWith,
  somebody,
  take,
  toTheTill,
  visit,
  writeAddress,
} from "./support/shopper.js";
import { expect, hasScripts, test } from "./support/test.js";

/** Another device: cookies of its own. */
async function otherDevice(browser: Browser, page: Page): Promise<Page> {
  const javaScriptEnabled = test.info().project.use.javaScriptEnabled ?? true;
  const baseURL = new URL("/", page.url()).origin;
  return (await browser.newContext({ javaScriptEnabled, baseURL })).newPage();
}

test("an account is opened by a letter and the password that was chosen", { tag: ["@core", "@phone"] }, async ({
  page,
}) => {
  const ann = newcomer();
  await register(page, ann);
  const letter = await letterTo(ann.email, /^Finish your account/);
  const link = pathIn(letter, "/account/verify");

  await visit(page, link);
  await page.getByLabel("Password").fill("not what I chose");
  await page.getByRole("button", { name: "Open my account" }).click();
  await expect(page.getByLabel("Password")).toHaveAccessibleDescription(/password/i);
  await expect(page.getByLabel("Password")).toHaveValue("");

  await page.getByLabel("Password").fill(ann.password);
  await page.getByRole("button", { name: "Open my account" }).click();
  await expectAccount(page);
  await expect(page.getByText(ann.email)).toBeVisible();

  await signOut(page);
  await visit(page, link);
  await page.getByLabel("Password").fill(ann.password);
  await page.getByRole("button", { name: "Open my account" }).click();
  await expect(page.getByRole("alert"), "the link is good once").toBeVisible();
});

test("yesterday's cart is on the other device", { tag: ["@core", "@phone"] }, async ({ page, browser }) => {
  test.slow();
  const ann = await becomeCustomer(page);
  await take(page, "/products/kelda-mug", { Colour: "Oat" });

  const phone = await otherDevice(browser, page);
  await take(phone, "/products/morning-tea", { Size: "80 g" });
  await signIn(phone, ann);
  await visit(phone, "/cart");
  await expect(phone.getByRole("link", { name: "Kelda mug" }), "what was in the account").toBeVisible();
  await expect(phone.getByRole("link", { name: "Morning tea" }), "what the guest chose").toBeVisible();
  if (hasScripts()) await expect(phone.getByRole("link", { name: /^Cart/ })).toHaveAccessibleName("Cart 2 in it");

  await visit(page, "/cart");
  await expect(page.getByRole("link", { name: "Morning tea" })).toBeVisible();
  await signOut(page);
  await visit(page, "/cart");
  await expect(page.getByText("There is nothing in it yet."), "a signed-out browser shows no cart").toBeVisible();
  await phone.context().close();
});

test("a customer buys with what is kept, follows the order and cancels it", { tag: ["@core", "@phone"] }, async ({
  page,
}) => {
  test.slow();
  const ann = await becomeCustomer(page);
  await goTo(page, "Orders");
  await expect(page.getByRole("heading", { name: "Nothing bought yet" })).toBeVisible();

  await take(page, "/products/cutting-board", { Colour: "Oak" });
  await visit(page, "/checkout");
  await expect(page.getByLabel("Email")).toHaveValue(ann.email);
  await expect(page.getByText("Bought here before?")).toBeHidden();
  await writeAddress(page, ann);
  await page.getByLabel("Keep this address").check();
  await payWith(page, "Accepted at once");
  const number = await expectThanks(page);
  await expect(page.getByText("Keep this order in an account.")).toBeHidden();

  await goTo(page, "Addresses");
  await expect(page.getByText("Torstraße 1")).toBeVisible();
  await take(page, "/products/kelda-mug", { Colour: "Oat" });
  await visit(page, "/checkout");
  await page.getByRole("button", { name: /^Deliver to Ann Weber/ }).or(page.getByText("Filled in below")).first().click();
  await expectAddressKept(page, ann);

  await goTo(page, "Orders");
  await page.getByRole("link", { name: `Order ${number}` }).click();
  expect(new URL(page.url()).search, "no secret in the address").toBe("");
  expect(await numberOf(page)).toBe(number);
  await awake(page);
  await page.getByText("Cancel this order").click();
  await page.getByRole("button", { name: "Yes, cancel the order" }).click();
  await expect(page.getByRole("heading", { level: 1, name: "This order is cancelled" })).toBeVisible();
  await goTo(page, "Orders");
  await expect(page.getByRole("listitem").filter({ hasText: `Order ${number}` })).toContainText("Cancelled");
});

test("a customer orders again beside what is in the cart, and files the invoice", { tag: "@core" }, async ({ page }) => {
  test.slow();
  const ann = await becomeCustomer(page);
  await toTheTill(page, ann, "/products/cutting-board", { Colour: "Oak" });
  await payWith(page, "Accepted at once");
  const number = await expectThanks(page);
  await take(page, "/products/kelda-mug", { Colour: "Oat" });

  await goTo(page, "Orders");
  await page.getByRole("link", { name: `Order ${number}` }).click();
  await awake(page);
  const invoice = (await page.getByRole("link", { name: "Invoice (PDF)" }).getAttribute("href")) ?? "";
  expect(invoice, "no secret in the address").not.toContain("?");
  const paper = await page.request.get(invoice);
  expect([paper.status(), paper.headers()["content-type"]]).toEqual([200, "application/pdf"]);
  await page.getByRole("button", { name: "Order this again" }).click();

  await expect(page.getByRole("heading", { level: 1, name: "Your cart" })).toBeVisible();
  await expect(page.getByRole("spinbutton", { name: "Quantity" })).toHaveCount(2);
  await signOut(page);
  expect((await page.request.get(invoice)).status()).toBe(404);
});

test("a customer's currency comes along to another device", { tag: "@core" }, async ({ browser, page }) => {
  test.slow();
  const ann = await becomeCustomer(page);
  await take(page, "/products/kelda-mug", { Colour: "Oat" });
  await goTo(page, "Profile");
  await page.getByRole("main").getByLabel("Prices in").selectOption("USD");
  await page.getByRole("button", { name: "Save" }).click();
  await visit(page, "/cart");
  await expect(page.getByRole("complementary", { name: "Summary" })).toContainText("$");

  const phone = await otherDevice(browser, page);
  await visit(phone, "/products/kelda-mug");
  await expect(phone.getByRole("main")).toContainText("€");
  await signIn(phone, ann);
  await visit(phone, "/products/kelda-mug");
  await expect(phone.getByRole("main")).toContainText("$");
});

test("a customer's second press on Pay finds the first one's order", { tag: "@core" }, async ({ page }) => {
  test.slow();
  const ann = await becomeCustomer(page);
  await take(page, "/products/cutting-board", { Colour: "Oak" });
  await checkOut(page);
  await writeAddress(page, ann);
  await page.getByRole("radio", { name: /test card/i }).check();
  await page.getByLabel("What the test card does").selectOption({ label: "Accepted at once" });
  await page.getByRole("button", { name: /^Pay / }).dblclick({ noWaitAfter: true });

  await expectThanks(page);
  await goTo(page, "Orders");
  await expect(page.getByRole("main").getByRole("link", { name: /^Order \d+/ })).toHaveCount(1);
});

test("a guest's order comes along into the account that it offers", { tag: "@core" }, async ({ page }) => {
  test.slow();
  const ann = newcomer();
  await toTheTill(page, ann, "/products/cutting-board", { Colour: "Oak" });
  await payWith(page, "Accepted at once");
  const number = await expectThanks(page);
  await page.getByRole("link", { name: "Choose a password" }).click();
  await expect(page.getByLabel("Email")).toHaveValue(ann.email);
  await expect(page.getByLabel("Name")).toHaveValue(ann.name);
  await page.getByLabel("Password").fill(ann.password);
  await page.getByRole("button", { name: "Make an account" }).click();
  await expect(page.getByRole("heading", { level: 1, name: "Look into your mail" })).toBeVisible();
  await verify(page, ann);

  await expect(page.getByRole("link", { name: `Order ${number}` })).toBeVisible();
});

test("a guest signs in on the way to the till and goes on from there", { tag: "@core" }, async ({ page }) => {
  test.slow();
  const ann = await becomeCustomer(page);
  await signOut(page);
  await take(page, "/products/kelda-mug", { Colour: "Oat" });
  await checkOut(page);
  await page.getByRole("link", { name: "Sign in and skip the typing" }).click();
  await typeProof(page, ann);

  await expect(page.getByRole("heading", { level: 1, name: "Checkout" })).toBeVisible();
  await expect(page.getByLabel("Email")).toHaveValue(ann.email);
  await expect(page.getByText("Kelda mug").first()).toBeAttached();
});

test("addresses are kept by the rules of their country, changed and removed", { tag: ["@core", "@phone"] }, async ({
  page,
}) => {
  test.slow();
  await becomeCustomer(page);
  await goTo(page, "Addresses");
  await page.getByRole("link", { name: "Add an address" }).click();
  await page.getByLabel("Country").selectOption({ label: "Germany" });
  await page.getByLabel("Street and number").fill("Torstraße 1");
  await page.getByLabel("Postal code").fill("1011");
  await page.getByLabel("Town").fill("Berlin");
  await page.getByRole("button", { name: "Keep this address" }).click();
  await expect(page.getByLabel("Postal code")).toHaveAccessibleDescription(/10115/);
  await expect(page.getByLabel("Town")).toHaveValue("Berlin");
  await page.getByLabel("Postal code").fill("10119");
  await page.getByRole("button", { name: "Keep this address" }).click();
  await expect(page.getByText("Used first")).toBeVisible();

  await page.getByRole("link", { name: "Add an address" }).click();
  await page.getByLabel("Country").selectOption({ label: "United States" });
  await page.getByRole("button", { name: "Show the country's fields" }).click();
  await page.getByLabel("State or province").selectOption({ label: "California" });
  await page.getByLabel("Street and number").fill("1 Market Street");
  await page.getByLabel("ZIP code").fill("94105");
  await page.getByLabel("Town").fill("San Francisco");
  await page.getByRole("button", { name: "Keep this address" }).click();
  await page.getByRole("button", { name: /^Use first: .*San Francisco/ }).click();
  const tagged = page.getByRole("listitem").filter({ hasText: "Used first" });
  await expect(tagged).toContainText("San Francisco");

  await tagged.getByRole("link", { name: /^Edit/ }).click();
  await page.getByLabel("Company").fill("Fog Works");
  await page.getByRole("button", { name: "Keep this address" }).click();
  await expect(page.getByText("Fog Works")).toBeVisible();
  const berlin = page.getByRole("listitem").filter({ hasText: "Torstraße 1" });
  await berlin.getByText("Remove", { exact: true }).click();
  await berlin.getByRole("button", { name: "Yes, remove it" }).click();
  await expect(berlin).toHaveCount(0);
});

test("a device that is signed out is out, and the others stay", { tag: ["@core", "@phone"] }, async ({ page, browser }) => {
  test.slow();
  const ann = await becomeCustomer(page);
  const other = await otherDevice(browser, page);
  await signIn(other, ann);

  await goTo(page, "Devices");
  await expect(page.getByText("This one")).toHaveCount(1);
  await page.getByRole("button", { name: /^Sign out Chrom/ }).click();
  await expect(page.getByRole("status").filter({ hasText: "That device is signed out." })).toBeVisible();
  await expect(page.getByRole("button", { name: /^Sign out Chrom/ })).toHaveCount(0);
  // Its access token may live for some minutes; once that is gone, nothing opens.
  await other.context().clearCookies({ name: "__Host-access" });
  await other.goto("/account");
  await expect(other.getByRole("heading", { level: 1, name: "Sign in" })).toBeVisible();

  await signIn(other, ann);
  await goTo(page, "Devices");
  await page.getByRole("button", { name: "Sign out everywhere else" }).click();
  await other.context().clearCookies({ name: "__Host-access" });
  await other.goto("/account/orders");
  await expect(other.getByRole("heading", { level: 1, name: "Sign in" })).toBeVisible();
  await visit(page, "/account");
  await expectAccount(page);
  await other.context().close();
});

test("an old visit goes on without signing in again, in two windows at once", { tag: "@core" }, async ({ page }) => {
  const ann = await becomeCustomer(page);
  await page.context().clearCookies({ name: "__Host-access" });
  const second = await page.context().newPage();

  await Promise.all([page.goto("/account"), second.goto("/account/profile")]);

  await expectAccount(page);
  await expect(second.getByText(ann.email).first()).toBeVisible();
  await second.close();
  await page.context().clearCookies({ name: "__Host-access" });
  await page.goto("/account");
  await expectAccount(page);
});

test("a password is changed, forgotten, and chosen anew by letter", { tag: ["@core", "@phone"] }, async ({ page, browser }) => {
  test.slow();
  const ann = await becomeCustomer(page);
  await goTo(page, "Password");
  await page.getByLabel("New password").fill("short");
  await page.getByRole("button", { name: "Choose this password" }).click();
  await expect(page.getByLabel("New password")).toHaveAccessibleDescription(/8/);
  const changed: Customer = { ...ann, password: "four green geese on a pond" };
  await page.getByLabel("New password").fill(changed.password);
  await page.getByRole("button", { name: "Choose this password" }).click();
  await expect(page.getByRole("status").filter({ hasText: "You have a new password." })).toBeVisible();
  await visit(page, "/account");
  await expectAccount(page);

  const other = await otherDevice(browser, page);
  await visit(other, "/account/sign-in");
  await typeProof(other, ann);
  await expect(other.getByRole("alert"), "the old password opens nothing").toBeVisible();
  await expect(other.getByLabel("Email")).toHaveValue(ann.email);
  await other.getByRole("link", { name: "Forgot your password?" }).click();
  await other.getByLabel("Email").fill(ann.email);
  await other.getByRole("button", { name: "Send me a link" }).click();
  await expect(other.getByRole("heading", { level: 1, name: "Look into your mail" })).toBeVisible();
  const link = pathIn(await letterTo(ann.email, /^Choose a new password/), "/account/reset");
  const reset: Customer = { ...ann, password: "five white geese in the snow" };
  await visit(other, link);
  await other.getByLabel("New password").fill(reset.password);
  await other.getByRole("button", { name: "Choose this password" }).click();
  await expect(other.getByRole("status").filter({ hasText: "Sign in with it." })).toBeVisible();
  await typeProof(other, reset);
  await expectAccount(other);

  await page.context().clearCookies({ name: "__Host-access" });
  await page.goto("/account");
  await expect(page.getByRole("heading", { level: 1, name: "Sign in" }), "every device was signed out").toBeVisible();
  await visit(other, link);
  await other.getByLabel("New password").fill("six black geese at night");
  await other.getByRole("button", { name: "Choose this password" }).click();
  await expect(other.getByRole("alert"), "the link is good once").toBeVisible();
  await other.context().close();
});

test("name, news and email are the customer's to change", { tag: "@core" }, async ({ page }) => {
  test.slow();
  const ann = await becomeCustomer(page);
  await goTo(page, "Profile");
  await page.getByLabel("Name").fill("Ann B. Weber");
  await page.getByLabel(/^Write to me/).check();
  await page.getByRole("button", { name: "Save" }).click();
  await expect(page.getByRole("status").filter({ hasText: "Saved." })).toBeVisible();
  await expect(page.getByLabel("Name")).toHaveValue("Ann B. Weber");
  await expect(page.getByLabel(/^Write to me/)).toBeChecked();

  const moved = somebody().email;
  await page.getByLabel("New email").fill(moved);
  await page.getByRole("button", { name: "Send the link" }).click();
  await expect(page.getByRole("status").filter({ hasText: moved })).toBeVisible();
  const link = pathIn(await letterTo(moved, /^Confirm your new address/), "/account/email");
  await visit(page, link);
  await visit(page, "/account");
  await expect(page.getByText(ann.email), "following the link alone changes nothing").toBeVisible();
  await visit(page, link);
  await page.getByRole("button", { name: "Use this email" }).click();
  await expect(page.getByText(moved).first()).toBeVisible();
});

test("a customer takes everything along and leaves for good", { tag: ["@core", "@phone"] }, async ({ page }) => {
  test.slow();
  const ann = await becomeCustomer(page);
  await goTo(page, "Your data");
  await page.getByRole("button", { name: "Ask for a copy" }).click();
  await expect(page.getByRole("status").filter({ hasText: /copy|putting/ }).first()).toBeVisible();
  await expect(async () => {
    await visit(page, "/account/data");
    await expect(page.getByRole("link", { name: "Download it" })).toBeVisible({ timeout: 1_000 });
  }).toPass({ timeout: 30_000 });
  const answer = await page.request.get("/account/data/archive");
  expect(answer.headers()).toMatchObject({ "content-type": "application/zip", "cache-control": "no-store" });
  expect((await answer.body()).subarray(0, 2).toString()).toBe("PK");

  await page.getByText("I want to leave").click();
  await page.getByLabel("Type your email").fill("somebody@example.com");
  await page.getByRole("button", { name: "Delete my account" }).click();
  await expect(page.getByLabel("Type your email")).toHaveAttribute("aria-invalid", "true");
  await page.getByLabel("Type your email").fill(ann.email);
  await page.getByRole("button", { name: "Delete my account" }).click();
  await expect(page.getByRole("status").filter({ hasText: "Your account is deleted." })).toBeVisible();

  await visit(page, "/account/sign-in");
  await typeProof(page, ann);
  await expect(page.getByRole("alert")).toBeVisible();
});

test("nobody learns from the pages who has an account", { tag: "@core" }, async ({ page }) => {
  const ann = await becomeCustomer(page);
  await signOut(page);

  await register(page, { ...ann, password: "another one altogether" });
  await visit(page, "/account/forgot");
  await page.getByLabel("Email").fill(somebody().email);
  await page.getByRole("button", { name: "Send me a link" }).click();
  await expect(page.getByRole("heading", { level: 1, name: "Look into your mail" })).toBeVisible();

  await signIn(page, ann);
  expect((await lettersTo(ann.email)).length).toBeGreaterThan(0);
});
