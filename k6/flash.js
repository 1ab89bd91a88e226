// A flash sale: everybody wants the same thing in the same minute, and there is not enough of it.
// Whoever comes too late is told so; nobody buys what is not there.

import { buy, fill, goods, inconsistentOrders } from './lib/api.js';
import { BUYING, PROMISES, guard, rate, time } from './lib/config.js';
import { report } from './lib/summary.js';

export const options = {
  scenarios: {
    flash: {
      executor: 'ramping-arrival-rate',
      startRate: 1,
      timeUnit: '1s',
      preAllocatedVUs: 100,
      maxVUs: 400,
      stages: [
        { target: rate(100), duration: time(20) },
        { target: rate(100), duration: time(60) },
      ],
    },
  },
  thresholds: { ...PROMISES, ...BUYING, placed_orders: ['count>0'] },
  summaryTrendStats: ['med', 'p(95)', 'p(99)', 'max'],
};

export function setup() {
  guard();
  return goods(1).slice(0, 1);
}

/** @param {import('./lib/api.js').Goods[]} hot */
export default function flash([hot]) {
  inconsistentOrders.add(0);
  const basket = fill(hot);
  if (basket) buy(basket);
}

export const handleSummary = report('flash');
