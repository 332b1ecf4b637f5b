// Every metric that the catalogue lists, by family. In go a catalogue once and reports often, out come rows to search.

import { byId, stamp, write } from "./dom.js";
import { valueWords } from "./headlines.js";
import { mathOf } from "./mathml.js";
import { cueOverflow } from "./overflow.js";
import { drawChance, drawInterval, drawRange } from "./range.js";
import { better, count, interval, range, sentence } from "../model/format.js";
import { spreadWords, standingWords } from "../model/standing.js";

/** @import {Levels} from "../model/chance.js" */

/** @param {object[]} catalogue */
export function createMetrics(catalogue) {
  const part = byId("metrics-part");
  const rows = new Map(catalogue.map((entry) => [entry.key, makeRow(entry)]));
  const families = Map.groupBy(catalogue, ({ family }) => family);
  byId("metrics").replaceChildren(...inColumns([...families], rows));
  const search = byId("search");
  search.addEventListener("input", () => filter(search.value, rows));

  return {
    /** What families say of themselves. @type {Set<string>} */
    notes: new Set(catalogue.map(({ family_note: note }) => note)),
    get isOpen() {
      return part.open;
    },
    /** @param {object} report a full one: a metric it lacks does not apply */
    show(report) {
      const found = new Map(report.metrics.map((metric) => [metric.key, metric]));
      for (const row of rows.values()) {
        row.metric = found.get(row.entry.key);
        row.element.classList.toggle("is-absent", row.metric === undefined);
        if (row.metric) drawRow(row);
      }
      filter(search.value, rows);
      write(byId("metrics-gist"), gist(report.metrics));
    },
    /** @param {object} report a part of one, or one whose threshold a hand moves */
    update(report) {
      for (const metric of report.metrics) {
        const row = rows.get(metric.key);
        if (row) drawRow(Object.assign(row, { metric }));
      }
    },
    /** Mark what chance gives, and say it. @param {Levels | null} levels */
    showChance(levels) {
      for (const row of rows.values()) if (row.metric) drawChanceOf(row, levels);
    },
  };
}

function gist(metrics) {
  const undefinedOnes = metrics.filter(({ value }) => value === null).length;
  const all = `${count(metrics.length)} ${metrics.length === 1 ? "metric" : "metrics"}`;
  return undefinedOnes === 0 ? `${all}, all defined` : `${all}, ${count(undefinedOnes)} undefined here`;
}

/** Two columns of about as many rows each, which stay as they are when a row unfolds. */
function inColumns(families, rows) {
  const columns = [document.createElement("div"), document.createElement("div")];
  let listed = 0;
  for (const [name, entries] of families) {
    columns[listed + entries.length / 2 < rows.size / 2 ? 0 : 1].append(makeFamily(name, entries, rows));
    listed += entries.length;
  }
  return columns;
}

function makeFamily(name, entries, rows) {
  const section = stamp("template-family");
  const [{ family_note: note, caution }] = entries;
  section.querySelector("h3").textContent = name.charAt(0).toUpperCase() + name.slice(1);
  section.querySelector(".family-note").textContent = note;
  section.classList.toggle("has-caution", caution);
  section.open = !caution; // a warning comes before any value
  section.querySelector(".family-rows").append(...entries.map(({ key }) => rows.get(key).element));
  return section;
}

function makeRow(entry) {
  const element = stamp("template-metric");
  const fill = (name, text) => {
    const place = element.querySelector(`.metric-${name}`);
    place.textContent = text;
    place.closest("dl > div")?.toggleAttribute("hidden", text === "");
  };
  fill("title", entry.title);
  fill("better", better(entry));
  fill("meaning", entry.meaning);
  fill("formula", entry.formula);
  fill("range", range(entry.bounds) + (entry.unit ? ` ${entry.unit}` : ""));
  fill("undefined-when", entry.undefined);
  fill("aliases", entry.aliases.join(", "));
  fill("source", entry.source);
  // A hundred formulas take a while to lay out: each is made when it is first looked at.
  element.addEventListener("toggle", () => drawFormula(element.querySelector(".metric-math"), entry), { once: true });
  element.addEventListener("toggle", () => drawChanceLine(element));
  const words = [entry.title, entry.key, entry.key.replaceAll("_", " "), ...entry.aliases].join("\n").toLowerCase();
  return { entry, element, words, metric: undefined };
}

function drawFormula(box, entry) {
  box.replaceChildren(mathOf(entry.mathml));
  cueOverflow(box);
}

function drawRow({ entry, element, metric }) {
  const value = element.querySelector(".metric-value");
  write(value, valueWords(metric) + (metric.value !== null && entry.unit ? ` ${entry.unit}` : ""));
  value.classList.toggle("is-undefined", metric.value === null);
  element.classList.toggle("is-awaited", metric.awaited === true);
  const why = element.querySelector(".metric-undefined");
  write(why, metric.value === null ? sentence(metric.awaited ? metric.undefined : `Undefined here: ${metric.undefined}`) : "");
  why.hidden = metric.value !== null;
  drawCounted(element.querySelector(".metric-counted"), metric.classes_counted);
  drawRange(element.querySelector(".range"), metric.value, entry.bounds);
  drawInterval(element.querySelector(".range"), metric.interval, entry.bounds);
  drawSureness(element.querySelector(".metric-interval"), metric, entry.unit);
}

function drawChanceOf({ entry, element, metric }, levels) {
  const row = levels?.rows.get(entry.key);
  drawChance(element.querySelector(".range"), row?.quantiles ?? null, entry.bounds);
  const standing = row ? standingWords(levels, metric.value, entry) : "";
  write(element.querySelector(".metric-standing"), standing);
  element.dataset.chance = row ? [spreadWords(row), standing].filter(Boolean).join("; ") : "";
  drawChanceLine(element);
}

/** Its line is there once the row has been unfolded: a hundred of them weigh on the document. */
function drawChanceLine(element) {
  const { chance } = element.dataset; // absent in a report that stands alone
  if (!element.open || chance === undefined) return;
  let line = element.querySelector(".metric-chance");
  if (line === null) element.querySelector(".metric-interval").after((line = stamp("template-metric-chance")));
  line.hidden = chance === "";
  write(line.lastElementChild, chance);
}

/** How sure the value is, and by which method that is said. */
function drawSureness(line, { interval: ends, interval_method: method }, unit) {
  line.hidden = ends === null;
  if (!line.hidden) write(line.lastElementChild, `${interval(ends)}${unit ? ` ${unit}` : ""}, by ${method}`);
}

/** An average says how many classes entered it. */
function drawCounted(line, classes) {
  line.hidden = classes === undefined || classes === null;
  if (line.hidden) return;
  write(line.lastElementChild, `${count(classes)} ${classes === 1 ? "class" : "classes"}; undefined ones do not enter`);
}

function filter(search, rows) {
  const wanted = search.trim().toLowerCase();
  let found = 0;
  for (const { element, words, metric } of rows.values()) {
    const shown = metric !== undefined && words.includes(wanted);
    element.hidden = !shown;
    if (shown) found += 1;
  }
  for (const family of byId("metrics").querySelectorAll(".family")) {
    family.hidden = !family.querySelector(".metric:not([hidden])");
    family.open ||= wanted !== "" && !family.hidden; // what is searched for is asked for
  }
  write(byId("search-found"), wanted === "" ? "" : foundWords(found));
}

const foundWords = (found) => (found === 0 ? "Nothing by that name" : `${count(found)} found`);

