// One threshold for both regions, from the report's own arrays. In go a report and a level, out comes the report there.

// An interval is of the value that it came with.
const NOT_SURE = { interval: null, interval_method: null };
const ON_RELEASE = "follows on release";

/** The level from which a pixel of that region is positive. @param {object} report of two classes @param {"truth" | "test"} role */
export const positiveFrom = ({ labels: { lookup } }, role) => lookup[role].indexOf(1);

/** The labelling that asks for these thresholds. @param {number} truth @param {number} test */
export const thresholdLabels = (truth, test) => `threshold:${truth === test ? truth : `${truth},${test}`}`;

/** What the report says of another threshold: outcomes and metrics come from its curves, nothing is computed anew.
 * @param {object} report with curves @param {number} level @param {Map<string, object>} entries the catalogue by key */
export function atThreshold(report, level, entries) {
  const { tn, fp, fn, tp, metrics } = report.curves.thresholds;
  const matrix = [
    [tn[level], fp[level]],
    [fn[level], tp[level]],
  ];
  return {
    ...report,
    labels: labelsAt(report.labels, level),
    confusion: { ...report.confusion, matrix },
    metrics: report.metrics.map((metric) => metricAt(metric, metrics[metric.key], level, entries.get(metric.key))),
  };
}

/** @param {{lookup: Record<string, (number | null)[]>}} labels levels that belong to no class still belong to none */
function labelsAt(labels, level) {
  const relabel = (lookup) => lookup.map((label, grey) => (label === null ? null : Number(grey >= level)));
  const lookup = { truth: relabel(labels.lookup.truth), test: relabel(labels.lookup.test) };
  return { ...labels, method: thresholdLabels(level, level), thresholds: [level], lookup };
}

/** @param {(number | null)[] | undefined} values the metric at each threshold, where the report has them */
function metricAt(metric, values, level, entry) {
  if (values !== undefined) {
    const value = values[level];
    return { ...metric, ...NOT_SURE, value, undefined: value === null ? entry.undefined : null, classes_counted: undefined };
  }
  return entry.follows === "levels" ? metric : { ...metric, ...NOT_SURE, value: null, undefined: ON_RELEASE, awaited: true };
}
