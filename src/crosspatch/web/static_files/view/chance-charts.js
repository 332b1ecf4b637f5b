// Both charts of the chance part. In goes a metric's row of the chance levels with the observed pair, out come charts.

import { countAxis, createChart, spread, valueAxis } from "../charts.js";
import { byId, write } from "./dom.js";
import { valueWords } from "./headlines.js";
import { numbersOf } from "./numbers.js";
import { count, number, percentage } from "../model/format.js";
import { drawnWords, manyOf } from "../model/standing.js";

/** @import {Levels, Row} from "../model/chance.js" */
/** @typedef {{entry: object, value: number | null, row: Row | undefined, levels: Levels, standing: string,
 *   overlap_percent: number | null}} Scene the observed pair has the value and that overlap; two pictures have none */

const OVERLAP_TICKS = [0, 20, 40, 60, 80, 100];
const AROUND = 0.03; // of an axis, so that nothing stands on its end

const titled = ({ title, unit }) => (unit ? `${title}, ${unit}` : title);

/** The ends of an axis for values. @param {number[]} values @returns {[number, number]} */
function around(values) {
  const [low, high] = spread(Math.min(...values), Math.max(...values));
  const room = AROUND * (high - low);
  return [low - room, high + room];
}

const known = (values) => values.filter((value) => value !== null);

/** How the values of random pairs are spread, and where the observed one stands. */
export function createDistribution() {
  const figure = byId("chart-chance");
  let scene = null;
  let moveObserved = () => {};
  const histogram = () => scene?.row?.histogram ?? null;
  const ends = () => spread(histogram().low, histogram().high);
  const chart = createChart(figure.querySelector("svg"), () => {
    if (histogram() === null) return null;
    const draw = (pen) => {
      pen.bars(histogram().counts, "of-chance", ends());
      pen.marker("of-median")(scene.row.quantiles[50]);
      moveObserved = pen.marker("of-observed");
      place();
    };
    const reach = [...ends(), ...known([scene.value])];
    const x = valueAxis(titled(scene.entry), around(reach), number);
    return { x, y: countAxis(manyOf(scene.levels), Math.max(...histogram().counts), count), draw };
  });
  const place = () => moveObserved(scene.value);
  const fillNumbers = numbersOf(figure, () => {
    return { head: ["From", "To", manyOf(scene.levels)], rows: histogram() === null ? [] : binRows(histogram()) };
  });

  /** @param {Scene} newest */
  return function show(newest) {
    const before = scene;
    scene = newest;
    if (isWithin(before, scene, ends)) place();
    else chart.draw();
    if (before?.row !== scene.row) fillNumbers();
    chart.say(distributionWords(scene));
    const [observed, median] = figure.querySelectorAll(".chart-legend b");
    write(observed, valueWords(scene));
    write(median, valueWords({ value: scene.row?.quantiles?.[50] ?? null }));
  };
}

/** Only the observed value has moved, and not out of where the random pairs' reach. */
function isWithin(before, { row, value }, ends) {
  if (!row?.histogram || before?.row !== row || value === null || before.value === null) return false;
  const [low, high] = ends();
  return [before.value, value].every((each) => each >= low && each <= high);
}

function binRows({ low, high, counts }) {
  const edge = (index) => number(low + ((high - low) * index) / counts.length);
  return counts.map((pairs, index) => [edge(index), edge(index + 1), pairs]);
}

function distributionWords({ entry, value, row, standing, levels }) {
  if (!row?.quantiles) return `${entry.title} by chance: nothing has a value.`;
  const [low, median, high] = [5, 50, 95].map((percent) => number(row.quantiles[percent]));
  const spreadOut = `half of the ${drawnWords(levels)} lie below ${median}, nine in ten from ${low} to ${high}`;
  return `${entry.title} by chance: ${spreadOut}. Observed: ${valueWords({ value })}${standing && `, ${standing}`}.`;
}

/** What overlap alone explains: the spread among pairs that overlap as much. */
export function createAgreement() {
  const figure = byId("chart-overlap");
  let scene = null;
  let moveDot = () => {};
  const bins = () => scene?.row?.by_overlap ?? null;
  const chart = createChart(figure.querySelector("svg"), () => {
    if (bins() === null) return null;
    const { low, median, high } = bins();
    const reach = known([...low, ...median, ...high, scene.value]);
    if (reach.length === 0) return null;
    const draw = (pen) => {
      pen.band(middles.map((x, bin) => [x, low[bin], high[bin]]), "of-chance");
      const line = middles.map((x, bin) => [x, median[bin]]);
      pen.line(line, "of-median");
      pen.dots(line, "of-median");
      moveDot = pen.dot("of-observed");
      moveDot(scene.overlap_percent, scene.value);
    };
    const x = { title: "Overlap, % of a rectangle", from: 0, to: 100, ticks: OVERLAP_TICKS, words: String };
    return { x, y: valueAxis(titled(scene.entry), around(reach), number), draw };
  });
  const fillNumbers = numbersOf(figure, () => {
    const { low, median, high } = bins() ?? { low: [], median: [], high: [] };
    const pairs = scene.levels.answer?.overlap?.pairs; // told at the end
    const words = (value) => (value === null ? "too few pairs" : value);
    const rows = median.map((middle, bin) => [binWords(bin), ...[low[bin], middle, high[bin]].map(words), ...(pairs ? [pairs[bin]] : [])]);
    return { head: ["Overlap, %", "5 %", "Median", "95 %", ...(pairs ? ["Pairs"] : [])], rows };
  });

  /** @param {Scene} newest */
  return function show(newest) {
    scene = newest;
    figure.hidden = bins() === null;
    if (figure.hidden) return;
    chart.draw();
    fillNumbers();
    const words = overlapWords(scene);
    write(figure.querySelector(".chart-words"), words);
    chart.say(`${scene.entry.title} against overlap. ${words}`);
  };
}

/** The first bin is of pairs that share nothing; then come tenths, each with its upper end. */
const middles = [0, ...Array.from({ length: 10 }, (_, tenth) => 10 * tenth + 5)];
const binOf = (percent) => Math.ceil(percent / 10 - 1e-9);
const binWords = (bin) => (bin === 0 ? "none" : `${10 * bin - 10} to ${10 * bin}`);

function overlapWords({ row, value, overlap_percent: percent }) {
  const { low, high } = row.by_overlap;
  const bin = binOf(percent);
  const [from, to] = [low[bin], high[bin]];
  const alike = bin === 0 ? "do not overlap either" : `overlap by ${binWords(bin)}\u00a0%, as this one does by ${percentage(percent)}`;
  if (from === null) return `Too few random pairs ${alike}.`;
  const nine = `Of the random pairs that ${alike}, nine in ten lie from ${number(from)} to ${number(to)}`;
  if (value === null) return `${nine}.`;
  if (value >= from && value <= to) return `${nine}, and so does this one${bin === 0 ? "" : ": its overlap alone may explain it"}.`;
  return `${nine}; this one lies ${value < from ? "below" : "above"} them.`;
}
