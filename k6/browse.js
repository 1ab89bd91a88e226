// People who look around: from one a second to fifty over five minutes.

import { goods, inconsistentOrders, lookAround } from './lib/api.js';
import { BROWSING, PROMISES, guard, rate, time } from './lib/config.js';
import { report } from './lib/summary.js';

export const options = {
  scenarios: {
    browse: {
      executor: 'ramping-arrival-rate',
      startRate: 1,
      timeUnit: '1s',
      preAllocatedVUs: 50,
      maxVUs: 200,
      stages: [
        { target: rate(50), duration: time(240) },
        { target: rate(50), duration: time(60) },
      ],
    },
  },
  thresholds: { ...PROMISES, ...BROWSING, dropped_iterations: ['count==0'] },
  summaryTrendStats: ['med', 'p(95)', 'p(99)', 'max'],
};

export function setup() {
  guard();
  return goods(24);
}

/** @param {import('./lib/api.js').Goods[]} all */
export default function browse(all) {
  inconsistentOrders.add(0);
  lookAround(all);
}

export const handleSummary = report('browse');
