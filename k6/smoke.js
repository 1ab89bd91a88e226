// One shopper for half a minute: does everything answer?

import { sleep } from 'k6';
import { buy, fill, goods, inconsistentOrders, lookAround } from './lib/api.js';
import { BROWSING, BUYING, PROMISES, guard, time } from './lib/config.js';
import { any } from './lib/random.js';
import { report } from './lib/summary.js';

export const options = {
  scenarios: { smoke: { executor: 'constant-vus', vus: 1, duration: time(30) } },
  thresholds: { ...PROMISES, ...BROWSING, ...BUYING },
  summaryTrendStats: ['med', 'p(95)', 'p(99)', 'max'],
};

export function setup() {
  guard();
  return goods(12);
}

/** @param {import('./lib/api.js').Goods[]} all */
export default function smoke(all) {
  inconsistentOrders.add(0);
  lookAround(all);
  const basket = fill(any(all));
  if (basket) buy(basket);
  sleep(1);
}

export const handleSummary = report('smoke');
