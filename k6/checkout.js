// People who buy: five a second, each a basket, an address, a way to deliver, a card.

import { buy, fill, goods, inconsistentOrders } from './lib/api.js';
import { BUYING, PROMISES, guard, rate, time } from './lib/config.js';
import { any } from './lib/random.js';
import { report } from './lib/summary.js';

export const options = {
  scenarios: {
    checkout: {
      executor: 'constant-arrival-rate',
      rate: rate(5),
      timeUnit: '1s',
      duration: time(180),
      preAllocatedVUs: 20,
      maxVUs: 100,
    },
  },
  thresholds: { ...PROMISES, ...BUYING, dropped_iterations: ['count==0'], placed_orders: ['count>0'] },
  summaryTrendStats: ['med', 'p(95)', 'p(99)', 'max'],
};

export function setup() {
  guard();
  return goods(48);
}

/** @param {import('./lib/api.js').Goods[]} all */
export default function checkout(all) {
  inconsistentOrders.add(0);
  const basket = fill(any(all));
  if (basket) buy(basket);
}

export const handleSummary = report('checkout');
