// Where the shop is, how long and how hard a crowd comes, and what it is promised.

import { fail } from 'k6';

/** The shop; all paths are below /api, so that the storefront's address does as well as the backend's. */
export const BASE_URL = (__ENV.BASE_URL || 'http://localhost:4000').replace(/\/$/, '');

/** `full` is the crowd as written; `brief` the same shape in a tenth of the time, for CI. */
export const PROFILE = __ENV.PROFILE || 'full';

/** Hosts that may be loaded; anything else is refused before the first request. */
const ALLOWED = (__ENV.ALLOWED_HOSTS || 'localhost,127.0.0.1').split(',');

const isBrief = PROFILE === 'brief';

/**
 * A length of time, shortened for a brief run.
 * @param {number} seconds
 */
export function time(seconds) {
  return `${isBrief ? Math.max(5, Math.round(seconds / 10)) : seconds}s`;
}

/**
 * A number of arrivals a second, lowered for a brief run and by RATE, a factor.
 * @param {number} perSecond
 */
export function rate(perSecond) {
  const factor = Number(__ENV.RATE || (isBrief ? 0.2 : 1));
  return Math.max(1, Math.round(perSecond * factor));
}

/** Refuses a host that nobody allowed: a typing mistake must not become an attack. */
export function guard() {
  const host = BASE_URL.replace(/^https?:\/\//, '').replace(/[:/].*$/, '');
  if (!ALLOWED.includes(host)) {
    fail(`${host} is not among ALLOWED_HOSTS (${ALLOWED.join(', ')})`);
  }
}

/** What holds for every crowd. The rest is each scenario's own. */
export const PROMISES = {
  http_req_failed: [{ threshold: 'rate<0.01', abortOnFail: true, delayAbortEval: '15s' }],
  checks: ['rate>0.99'],
  inconsistent_orders: ['count==0'],
};

/** What people who look around are promised. */
export const BROWSING = {
  'http_req_duration{kind:browse}': ['p(95)<300', 'p(99)<800'],
};

/** What people who buy are promised. */
export const BUYING = {
  'http_req_duration{kind:buy}': ['p(95)<800'],
};
