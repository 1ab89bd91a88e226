// Nobody, then two hundred a second within half a minute, then nobody: what is shed is shed politely.

import { goods, inconsistentOrders, lookAround } from './lib/api.js';
import { PROMISES, guard, rate, time } from './lib/config.js';
import { report } from './lib/summary.js';

export const options = {
  scenarios: {
    spike: {
      executor: 'ramping-arrival-rate',
      startRate: 1,
      timeUnit: '1s',
      preAllocatedVUs: 200,
      maxVUs: 1000,
      stages: [
        { target: rate(200), duration: time(30) },
        { target: rate(200), duration: time(60) },
        { target: 1, duration: time(30) },
      ],
    },
  },
  thresholds: {
    ...PROMISES,
    // Being turned away is allowed in a spike; slow answers are not.
    http_req_failed: [{ threshold: 'rate<0.05', abortOnFail: true, delayAbortEval: '30s' }],
    checks: ['rate>0.95'],
    'http_req_duration{kind:browse}': ['p(99)<3000'],
  },
  summaryTrendStats: ['med', 'p(95)', 'p(99)', 'max'],
};

export function setup() {
  guard();
  return goods(24);
}

/** @param {import('./lib/api.js').Goods[]} all */
export default function spike(all) {
  inconsistentOrders.add(0);
  lookAround(all);
}

export const handleSummary = report('spike');
