import { expect, type APIRequestContext } from "@playwright/test";
import { randomUUID } from "node:crypto";
import { somebody } from "./shopper.js";

/** A thing to buy, as far as another shopper cares. */
export interface Variant {
  id: string;
  options: string[];
  availability: string;
  max_quantity: number;
  price: { amount: number; currency: string };
}

/** What another shopper bought. */
export interface Receipt {
  order: string;
  token: string;
}

/** The variant of a product with these values, in the options' order. */
export async function variantOf(api: APIRequestContext, handle: string, values: string[]): Promise<Variant> {
  const answer = await api.get(`/api/products/${handle}`);
  expect(answer.ok(), await answer.text()).toBe(true);
  const { variants } = (await answer.json()) as { variants: Variant[] };
  const found = variants.find((variant) => variant.options.join() === values.join());
  expect(found, `${handle} in ${values.join(", ")}`).toBeDefined();
  return found as Variant;
}

/** How many can be bought now, asked past every cache. */
export async function leftOf(api: APIRequestContext, variant: string): Promise<number> {
  const { cart } = await opened(api, variant, 1);
  return cart.lines[0]?.max_quantity ?? 0;
}

/** Another shopper buys, without pages. */
export async function buys(api: APIRequestContext, variant: string, quantity: number): Promise<Receipt> {
  const { cart, token } = await opened(api, variant, quantity);
  const headers = { "x-cart-token": token };
  const path = `/api/carts/${cart.id}`;
  const { email, name, street, postalCode, town } = somebody();
  const address = { name, line1: street, postal_code: postalCode, city: town, country: "DE" };
  await said(api.patch(path, { headers, data: { email, shipping_address: address } }));
  const ways = (await said(api.get(`${path}/shipping-options`, { headers }))) as { data: { id: string }[] };
  const ready = (await said(
    api.put(`${path}/shipping`, { headers, data: { method_id: ways.data[0]?.id } }),
  )) as { totals: { total: unknown } };
  const order = { expected_total: ready.totals.total, payment: { method: "test", token: "tok_ok" } };
  const done = (await said(
    api.post(`${path}/complete`, { headers: { ...headers, "idempotency-key": randomUUID() }, data: order }),
  )) as { order: { id: string }; order_token: string };
  return { order: done.order.id, token: done.order_token };
}

/** Another shopper buys all that are left; how many that were, and the receipt. */
export async function buysTheRest(api: APIRequestContext, variant: string, but = 0): Promise<[number, Receipt]> {
  const left = (await leftOf(api, variant)) - but;
  return [left, await buys(api, variant, left)];
}

/** Another shopper calls the order off, so that the goods are back on the shelf. */
export async function givesBack(api: APIRequestContext, receipt: Receipt): Promise<void> {
  const headers = { "x-order-token": receipt.token, "idempotency-key": randomUUID() };
  await said(api.post(`/api/orders/${receipt.order}/cancel`, { headers }));
}

interface Opened {
  cart: { id: string; lines: { max_quantity: number }[] };
  token: string;
}

async function opened(api: APIRequestContext, variant: string, quantity: number): Promise<Opened> {
  const lines = [{ variant_id: variant, quantity }];
  return (await said(api.post("/api/carts", { data: { country: "DE", lines } }))) as Opened;
}

async function said(asked: Promise<import("@playwright/test").APIResponse>): Promise<unknown> {
  const answer = await asked;
  expect(answer.ok(), `${answer.url()}: ${await answer.text()}`).toBe(true);
  return answer.json();
}
