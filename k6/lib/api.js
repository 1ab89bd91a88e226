// The shop's API, in the words of its shoppers. Requests are named by their route, so that numbers
// group, and tagged with what the shopper is doing, so that promises can be kept apart.

import http from 'k6/http';
import { check } from 'k6';
import { Counter } from 'k6/metrics';
import { uuidv4 } from './random.js';
import { BASE_URL } from './config.js';

/** Orders whose answer said one thing and whose page another. */
export const inconsistentOrders = new Counter('inconsistent_orders');
/** Orders that the shop said are placed. */
export const placedOrders = new Counter('placed_orders');
/** Orders whose payment had no answer yet; the shop asks after it by itself. */
export const waitingOrders = new Counter('waiting_orders');
/** Purchases refused because others were quicker. */
export const soldOut = new Counter('sold_out');

/** @typedef {{ id: string, token: string }} Basket */
/** @typedef {{ amount: number, currency: string }} Money */
/** @typedef {{ variant: string, handle: string }} Goods */

/**
 * @param {string} method
 * @param {string} route
 * @param {string} path
 * @param {{ body?: object, headers?: Record<string, string>, kind: 'browse' | 'buy', expected?: number[] }} options
 */
function ask(method, route, path, { body, headers = {}, kind, expected }) {
  const json = body === undefined ? null : JSON.stringify(body);
  return http.request(method, `${BASE_URL}${path}`, json, {
    headers: { ...(json === null ? {} : { 'content-type': 'application/json' }), ...headers },
    tags: { name: `${method} ${route}`, kind },
    responseCallback: http.expectedStatuses(...(expected || [{ min: 200, max: 399 }])),
  });
}

/**
 * @param {import('k6/http').RefinedResponse<any>} answer
 * @param {string} what
 * @param {number[]} [statuses]
 */
function good(answer, what, statuses = [200]) {
  return check(answer, { [what]: (it) => statuses.includes(it.status) });
}

/**
 * What can be bought, from the first pages of the catalogue.
 * @param {number} most
 * @returns {Goods[]}
 */
export function goods(most) {
  const list = ask('GET', '/api/products', `/api/products?available=true&limit=${most}`, { kind: 'browse' });
  const cards = /** @type {{ handle: string }[]} */ (list.json('data'));
  /** @type {Goods[]} */
  const found = [];
  for (const { handle } of cards) {
    const product = ask('GET', '/api/products/{handle}', `/api/products/${handle}`, { kind: 'browse' });
    const variants = /** @type {{ id: string, availability: string, left?: number }[]} */ (product.json('variants'));
    for (const variant of variants) {
      if (variant.availability === 'in_stock') found.push({ variant: variant.id, handle });
    }
  }
  if (found.length === 0) throw new Error('nothing is in stock; seed the shop first');
  return found;
}

/** Looks around as somebody who came by: home, a shelf, a search, a product. */
export function lookAround(/** @type {Goods[]} */ all) {
  good(ask('GET', '/api/home', '/api/home', { kind: 'browse' }), 'home');
  good(ask('GET', '/api/products', '/api/products?limit=24&sort=price_asc', { kind: 'browse' }), 'list');
  good(ask('GET', '/api/search/suggest', '/api/search/suggest?q=mu', { kind: 'browse' }), 'suggestions');
  good(ask('GET', '/api/products', '/api/products?q=mug', { kind: 'browse' }), 'search');
  const { handle } = all[Math.floor(Math.random() * all.length)];
  good(ask('GET', '/api/products/{handle}', `/api/products/${handle}`, { kind: 'browse' }), 'product');
}

/**
 * Opens a basket with one thing in it; nothing when others bought the last one.
 * @param {Goods} thing
 * @returns {Basket | null}
 */
export function fill(thing) {
  const opened = ask('POST', '/api/carts', '/api/carts', {
    body: { country: 'DE' }, kind: 'buy', expected: [201],
  });
  if (!good(opened, 'basket opened', [201])) return null;
  const basket = {
    id: /** @type {string} */ (opened.json('cart.id')),
    token: /** @type {string} */ (opened.json('token')),
  };
  const added = ask('POST', '/api/carts/{id}/lines', `/api/carts/${basket.id}/lines`, {
    body: { lines: [{ variant_id: thing.variant, quantity: 1 }] },
    headers: { 'x-cart-token': basket.token, 'idempotency-key': uuidv4() },
    kind: 'buy', expected: [200, 409],
  });
  if (added.status === 409) {
    soldOut.add(1);
    return null;
  }
  return good(added, 'put into the basket') ? basket : null;
}

/**
 * Says where to, how, and pays with a card of the test provider; whether an order was placed.
 * @param {Basket} basket
 */
export function buy(basket) {
  const path = `/api/carts/${basket.id}`;
  const headers = { 'x-cart-token': basket.token };
  const address = { name: 'Ann Weber', line1: 'Torstraße 1', city: 'Berlin', postal_code: '10115', country: 'DE' };
  const contact = { email: `load-${uuidv4()}@example.com`, shipping_address: address };
  good(ask('PATCH', '/api/carts/{id}', path, { body: contact, headers, kind: 'buy' }), 'address');
  const options = ask('GET', '/api/carts/{id}/shipping-options', `${path}/shipping-options`, { headers, kind: 'buy' });
  if (!good(options, 'ways to deliver')) return false;
  const choice = { method_id: options.json('data.0.id') };
  const chosen = ask('PUT', '/api/carts/{id}/shipping', `${path}/shipping`, { body: choice, headers, kind: 'buy' });
  if (!good(chosen, 'way chosen')) return false;
  return pay(path, headers, /** @type {Money} */ (chosen.json('totals.total')));
}

/**
 * @param {string} path
 * @param {Record<string, string>} headers
 * @param {Money} total
 */
function pay(path, headers, total) {
  const answer = ask('POST', '/api/carts/{id}/complete', `${path}/complete`, {
    body: { expected_total: total, payment: { method: 'test', token: 'tok_ok' } },
    headers: { ...headers, 'idempotency-key': uuidv4() },
    kind: 'buy', expected: [200, 201, 409],
  });
  if (answer.status === 409) {
    soldOut.add(1);
    return false;
  }
  if (!good(answer, 'bought', [200, 201])) return false;
  const isPlaced = answer.json('status') === 'placed';
  (isPlaced ? placedOrders : waitingOrders).add(1);
  const id = /** @type {string} */ (answer.json('order.id'));
  const token = /** @type {string} */ (answer.json('order_token'));
  const order = ask('GET', '/api/orders/{id}', `/api/orders/${id}?token=${token}`, { kind: 'buy' });
  const isSame = order.status === 200
    && order.json('totals.total.amount') === total.amount
    && order.json('totals.total.currency') === total.currency
    && (!isPlaced || order.json('status') === answer.json('order.status'));
  if (!isSame) {
    console.error(`order ${id} is told of in two ways`);
    inconsistentOrders.add(1);
  }
  return true;
}
