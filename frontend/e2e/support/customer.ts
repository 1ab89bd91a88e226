import { expect, type Page } from "@playwright/test";
import { letterTo, pathIn } from "./letters.js";
import { awake, somebody, visit, type Shopper } from "./shopper.js";

/** A shopper with an account, or on the way to one. */
export interface Customer extends Shopper {
  password: string;
}

/** Somebody who has never been here and has chosen a password. */
export function newcomer(): Customer {
  return { ...somebody(), password: "three grey geese in a field" };
}

/** Asks for an account. */
export async function register(page: Page, customer: Customer): Promise<void> {
  await visit(page, "/account/register");
  await page.getByLabel("Name").fill(customer.name);
  await page.getByLabel("Email").fill(customer.email);
  await page.getByLabel("Password").fill(customer.password);
  await page.getByRole("button", { name: "Make an account" }).click();
  await expect(page.getByRole("heading", { level: 1, name: "Look into your mail" })).toBeVisible();
}

/** Follows the letter, and is signed in. */
export async function verify(page: Page, customer: Customer): Promise<void> {
  const letter = await letterTo(customer.email, /^Finish your account/);
  await visit(page, pathIn(letter, "/account/verify"));
  await page.getByLabel("Password").fill(customer.password);
  await page.getByRole("button", { name: "Open my account" }).click();
  await expectAccount(page);
}

/** A new customer, signed in on this page. */
export async function becomeCustomer(page: Page, customer = newcomer()): Promise<Customer> {
  await register(page, customer);
  await verify(page, customer);
  return customer;
}

/** Types email and password into the page that asks for them. */
export async function typeProof(page: Page, { email, password }: Customer): Promise<void> {
  await page.getByLabel("Email").fill(email);
  await page.getByLabel("Password").fill(password);
  await page.getByRole("button", { name: "Sign in", exact: true }).click();
}

/** Signs in. */
export async function signIn(page: Page, customer: Customer): Promise<void> {
  await visit(page, "/account/sign-in");
  await typeProof(page, customer);
  await expectAccount(page);
}

/** Sees the front page of the account. */
export async function expectAccount(page: Page): Promise<void> {
  await expect(page.getByRole("heading", { level: 1, name: "Your account" })).toBeVisible();
  await awake(page);
}

/** Goes to a place of the account by its menu, as a phone's and a desk's show it. */
export async function goTo(page: Page, place: string): Promise<void> {
  await visit(page, "/account");
  await page.getByRole("navigation", { name: "Your account" }).getByRole("link", { name: new RegExp(`^${place}`) }).click();
  await expect(page.getByRole("heading", { level: 1, name: place })).toBeVisible();
  await awake(page);
}

/** Signs out. */
export async function signOut(page: Page): Promise<void> {
  await visit(page, "/account");
  await page.getByRole("button", { name: "Sign out" }).click();
  await expect(page.getByRole("status").filter({ hasText: "You are signed out." })).toBeVisible();
}
