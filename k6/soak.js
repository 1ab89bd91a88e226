// An ordinary hour: most look around, some buy. What leaks shows.

import { buy, fill, goods, inconsistentOrders, lookAround } from './lib/api.js';
import { BROWSING, BUYING, PROMISES, guard, rate, time } from './lib/config.js';
import { any } from './lib/random.js';
import { report } from './lib/summary.js';

export const options = {
  scenarios: {
    looking: {
      executor: 'constant-arrival-rate',
      exec: 'looking', rate: rate(10), timeUnit: '1s', duration: time(3600), preAllocatedVUs: 30, maxVUs: 100,
    },
    buying: {
      executor: 'constant-arrival-rate',
      exec: 'buying', rate: 1, timeUnit: '1s', duration: time(3600), preAllocatedVUs: 10, maxVUs: 50,
    },
  },
  thresholds: { ...PROMISES, ...BROWSING, ...BUYING, dropped_iterations: ['count==0'] },
  summaryTrendStats: ['med', 'p(95)', 'p(99)', 'max'],
};

export function setup() {
  guard();
  return goods(48);
}

/** @param {import('./lib/api.js').Goods[]} all */
export function looking(all) {
  inconsistentOrders.add(0);
  lookAround(all);
}

/** @param {import('./lib/api.js').Goods[]} all */
export function buying(all) {
  const basket = fill(any(all));
  if (basket) buy(basket);
}

export const handleSummary = report('soak');
