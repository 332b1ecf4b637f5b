// The chance part. In go the report and the chance levels as they grow, out come charts, figures and words.

import { createAgreement, createDistribution } from "./chance-charts.js";
import { byId, make, write, writeProblem } from "./dom.js";
import { ranked, valueWords } from "./headlines.js";
import { count, number, sentence } from "../model/format.js";
import { definedPairs, drawnWords, manyOf, pValue, standingWords } from "../model/standing.js";

/** @import {Chance, Levels} from "../model/chance.js" */
/** @import {Scene} from "./chance-charts.js" */
/** @typedef {{report: object, chance: Chance, levels: Levels | null, overlap_percent: number | null, isOfTwo: boolean}} Shown
 *   `levels` are those that hold for the report: chance's own but while a hand moves a threshold */

/** @param {object[]} catalogue @param {{onRestrict: (isDisjoint: boolean) => void, onAgain: () => void}} what */
export function createChancePart(catalogue, { onRestrict, onAgain }) {
  const entries = new Map(catalogue.map((entry) => [entry.key, entry]));
  const menu = byId("chance-metric");
  const charts = [createDistribution(), createAgreement()];
  let shown = null;
  let drawn = []; // what the metric was last drawn from

  /** Most lines bring nothing new of this metric: then what is there stays as it is, selected text too. */
  function draw() {
    const { report, levels, overlap_percent } = shown;
    fillMenu(menu, report.metrics, catalogue);
    const entry = entries.get(menu.value);
    const metric = report.metrics.find(({ key }) => key === menu.value);
    if (metric === undefined) return;
    const { value } = metric;
    const now = [entry, value, levels?.rows.get(entry.key), levels?.answer, levels === null, overlap_percent];
    if (now.every((each, index) => each === drawn[index])) return;
    drawn = now;
    drawMetric({ ...shown, value }, entry, charts);
  }

  menu.addEventListener("change", draw);
  byId("chance-disjoint").addEventListener("change", ({ target }) => onRestrict(target.checked));
  byId("chance-again").addEventListener("click", onAgain);
  byId("chance-part").addEventListener("toggle", () => shown && draw());

  return {
    get isOpen() {
      return byId("chance-part").open;
    },
    /** @param {Shown} newest @param {string} standing of the first metric */
    show(newest, standing) {
      shown = newest;
      write(byId("chance-gist"), standing || gistWords(shown));
      drawProgress(shown);
      if (this.isOpen) draw();
    },
  };
}

/** The metrics that the report has: the best ranked first, then all by family. */
function fillMenu(menu, metrics, catalogue) {
  const keys = new Set(metrics.map(({ key }) => key));
  const present = catalogue.filter(({ key }) => keys.has(key));
  const first = ranked(present);
  const rest = present.filter(({ headline }) => headline === null);
  if (menu.dataset.keys === [...keys].join()) return;
  menu.dataset.keys = [...keys].join();
  const before = menu.value;
  const group = (label, members) => {
    const box = make("optgroup", "", { label: label.charAt(0).toUpperCase() + label.slice(1) });
    box.append(...members.map(({ key, title }) => make("option", title, { value: key })));
    return box;
  };
  const families = [...Map.groupBy(rest, ({ family }) => family)];
  menu.replaceChildren(...[["headline metrics", first], ...families].filter(([, members]) => members.length > 0).map(([label, members]) => group(label, members)));
  if (keys.has(before)) menu.value = before;
}

/** While there is nothing to say of the first metric. @param {Shown} shown */
function gistWords({ chance: { problem, levels, isDisjoint }, isOfTwo }) {
  if (problem !== null) return "could not be computed";
  return `what ${drawnWords({ isOfTwo, isDisjoint })} give${levels === null ? "" : ", on release"}`;
}

/** How far it is, or why it is no further. @param {Shown} shown */
function drawProgress({ chance: { levels, problem, busy_s: busy, isDisjoint }, isOfTwo }) {
  const isRunning = !levels?.answer && problem === null;
  byId("chance-running").hidden = !isRunning;
  const progress = byId("chance-progress");
  if (levels !== null && isRunning) Object.assign(progress, { max: levels.pairs, value: levels.done });
  else progress.removeAttribute("value");
  write(byId("chance-done"), runningWords(levels, busy, drawnWords({ isOfTwo, isDisjoint })));
  writeProblem(byId("chance-problem"), problem === null ? "" : sentence(problem.message));
  byId("chance-again").hidden = problem === null;
  byId("chance-disjoint-line").hidden = isOfTwo;
  byId("chance-disjoint").checked = isDisjoint;
}

function runningWords(levels, busy, drawn) {
  if (busy > 0) return `The server is busy; the page asks again in ${count(busy)} s.`;
  if (levels === null || levels.rows.size === 0) return `Labels of ${drawn}`; // they come first, all at once
  return `Grey levels of ${count(levels.done)} of ${count(levels.pairs)} ${drawn}`;
}

/** @param {Shown & {value: number | null}} shown @param {object} entry the metric's, in the catalogue */
function drawMetric({ report, value, levels, overlap_percent, isOfTwo }, entry, charts) {
  const row = levels?.rows.get(entry.key);
  const standing = levels === null ? "" : standingWords(levels, value, entry);
  write(byId("chance-words"), metricWords(entry, value, levels, row, standing));
  write(byId("chance-drawn"), levels?.answer ? drawnSentences(levels.answer, report) : "");
  const found = row?.histogram ? row : undefined;
  byId("chance-found").hidden = found === undefined;
  if (found === undefined) return;
  byId("chart-overlap").hidden = isOfTwo;
  const scene = { entry, value, row, levels, standing, overlap_percent };
  for (const show of charts) show(scene);
  drawFigures(scene);
}

/** What was drawn, and notes that the page does not show already: one on p-values of metrics is not about ours. */
function drawnSentences({ chance, notes }, report) {
  const told = new Set(report.notes.map(({ text }) => text));
  return [chance.text, ...notes.map(({ text }) => text).filter((text) => !told.has(text))].map(sentence).join(" ");
}

function metricWords({ title, unit }, value, levels, row, standing) {
  const name = value === null ? `${title} is undefined here` : `${title} ${valueWords({ value })}${unit ? ` ${unit}` : ""}`;
  if (standing !== "") return `${name}: ${standing}.`;
  if (row) return row.histogram === null ? `${name}. It has no value by chance.` : `${name}, so that it cannot be ranked.`;
  if (levels === null) return `${name}.`;
  return levels.answer === null ? `${name}. Its chance level is still to come.` : `${name}. It has no chance level.`;
}

/** @param {Scene} scene */
function drawFigures({ entry, value, row, levels }) {
  const { mean, standard_deviation: deviation, quantiles } = row;
  const found = value === null ? null : pValue(row, value, entry);
  const lines = [
    ["Observed", valueWords({ value })],
    ["Mean", valueWords({ value: mean })],
    ["Standard deviation", valueWords({ value: deviation })],
    ...Object.entries(quantiles).map(([percent, quantile]) => [percent === "50" ? "Median" : `${percent}\u00a0%`, number(quantile)]),
    [manyOf(levels), pairsWords(row)],
    ...(found === null ? [] : [["p-value", `${found.isExact ? "" : "about "}${number(found.p)}`]]),
  ];
  const line = ([name, words]) => {
    const made = make("tr");
    made.append(make("th", name, { scope: "row" }), make("td", words));
    return made;
  };
  byId("chance-figures").replaceChildren(...lines.map(line));
  write(byId("chance-p"), found === null ? "" : pWords(found, `${count(definedPairs(row))} ${manyOf(levels).toLowerCase()}`));
}

function pairsWords(row) {
  return row.undefined === 0 ? count(row.pairs) : `${count(definedPairs(row))} of ${count(row.pairs)}, the others undefined`;
}

function pWords({ atLeastAsGood, isExact }, pairs) {
  return `p = (1 + ${isExact ? "" : "about "}${count(atLeastAsGood)} at least as good) / (1 + ${pairs})`;
}
