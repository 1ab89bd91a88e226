// What came of a run: JSON for machines, JUnit for CI, and some lines for people.

/** @typedef {{ values: Record<string, number>, thresholds?: Record<string, { ok: boolean }> }} Metric */

/**
 * Writes the reports of a scenario to the folder REPORT, or to k6/report.
 * @param {string} name
 */
export function report(name) {
  const folder = __ENV.REPORT || 'k6/report';
  return (/** @type {{ metrics: Record<string, Metric>, state: { testRunDurationMs: number } }} */ data) => ({
    [`${folder}/${name}.json`]: JSON.stringify(data, null, 1),
    [`${folder}/${name}.xml`]: junit(name, data.metrics),
    stdout: text(name, data),
  });
}

/** @param {Record<string, Metric>} metrics */
function promises(metrics) {
  return Object.entries(metrics).flatMap(([metric, { thresholds = {} }]) =>
    Object.entries(thresholds).map(([promise, { ok }]) => ({ name: `${metric} ${promise}`, ok })));
}

/**
 * @param {string} name
 * @param {Record<string, Metric>} metrics
 */
function junit(name, metrics) {
  const cases = promises(metrics);
  const escape = (/** @type {string} */ words) => words.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/"/g, '&quot;');
  const lines = cases.map(({ name: promise, ok }) =>
    `  <testcase classname="${name}" name="${escape(promise)}">${ok ? '' : '<failure message="not kept"/>'}</testcase>`);
  const broken = cases.filter(({ ok }) => !ok).length;
  return `<testsuite name="${name}" tests="${cases.length}" failures="${broken}">\n${lines.join('\n')}\n</testsuite>\n`;
}

/**
 * @param {string} name
 * @param {{ metrics: Record<string, Metric>, state: { testRunDurationMs: number } }} data
 */
function text(name, { metrics, state }) {
  const value = (/** @type {string} */ metric, /** @type {string} */ of) => metrics[metric]?.values[of];
  const ms = (/** @type {number | undefined} */ time) => (time === undefined ? '–' : `${time.toFixed(1)} ms`);
  const row = (/** @type {string} */ label, /** @type {string} */ said) => `  ${label.padEnd(26)} ${said}`;
  const lines = [
    '',
    `  ${name}: ${(state.testRunDurationMs / 1000).toFixed(0)} s`,
    '',
    row('requests', `${value('http_reqs', 'count') ?? 0}, ${(value('http_reqs', 'rate') ?? 0).toFixed(1)} a second`),
    row('failed', `${((value('http_req_failed', 'rate') ?? 0) * 100).toFixed(2)} %`),
  ];
  for (const kind of ['browse', 'buy']) {
    const metric = `http_req_duration{kind:${kind}}`;
    if (metrics[metric]) {
      lines.push(row(`${kind}: half, 95 %, 99 %`, ['med', 'p(95)', 'p(99)'].map((of) => ms(value(metric, of))).join(', ')));
    }
  }
  lines.push(
    row('orders placed', `${value('placed_orders', 'count') ?? 0}`),
    row('orders that wait', `${value('waiting_orders', 'count') ?? 0}`),
    row('others were quicker', `${value('sold_out', 'count') ?? 0}`),
    row('inconsistent orders', `${value('inconsistent_orders', 'count') ?? 0}`),
    row('shoppers who could not come', `${value('dropped_iterations', 'count') ?? 0}`),
    '',
    ...promises(metrics).map((promise) => `  ${promise.ok ? 'kept  ' : 'BROKEN'} ${promise.name}`),
    '',
  );
  return `${lines.join('\n')}\n`;
}
