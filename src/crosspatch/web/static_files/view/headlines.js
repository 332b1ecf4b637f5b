// The six metrics that the catalogue ranks first among those present. In goes a report, out come six figures.

import { byId, stamp, write } from "./dom.js";
import { drawChance, drawInterval, drawRange } from "./range.js";
import { better, interval, number } from "../model/format.js";

/** @import {Levels} from "../model/chance.js" */

const MOST = 6;

/** Catalogue entries by rank. @param {object[]} catalogue */
export const ranked = (catalogue) =>
  catalogue.filter(({ headline }) => headline !== null).sort((one, other) => one.headline - other.headline);

/** @param {object[]} catalogue */
export function createHeadlines(catalogue) {
  const list = byId("headlines");
  const order = ranked(catalogue);
  let shown = null;

  /** The ranked metrics that a report has, with their entries. @param {object} report */
  function present(report) {
    const found = new Map(report.metrics.map((metric) => [metric.key, metric]));
    const rows = order.map((entry) => ({ entry, metric: found.get(entry.key) }));
    return rows.filter(({ metric }) => metric !== undefined).slice(0, MOST);
  }

  function show(report) {
    shown = report;
    const rows = present(report);
    while (list.children.length > rows.length) list.lastElementChild.remove();
    while (list.children.length < rows.length) list.append(stamp("template-headline"));
    rows.forEach((row, index) => draw(list.children[index], row));
    const methods = new Set(rows.map(({ metric }) => metric.interval_method).filter(Boolean));
    write(byId("headlines-method"), methods.size > 0 ? `95 % intervals: ${[...methods].join("; ")}` : "");
  }

  /** The first of them in words. @param {object} report */
  function firstWords(report) {
    const [first] = present(report);
    return first ? `${first.entry.title} ${valueWords(first.metric)}` : "";
  }

  /** The first of them that has a value. @param {object} report @returns {{entry: object, metric: object} | undefined} */
  const firstDefined = (report) => present(report).find(({ metric }) => metric.value !== null);

  /** Mark what chance gives. @param {Levels | null} levels */
  function showChance(levels) {
    present(shown).forEach(({ entry }, index) => {
      drawChance(list.children[index].querySelector(".range"), levels?.rows.get(entry.key)?.quantiles ?? null, entry.bounds);
    });
  }

  return { show, showChance, firstWords, firstDefined, families: [...new Set(order.map(({ family }) => family))] };
}

/** A dash stands for what is still to come. @param {{value: number | null, awaited?: boolean}} metric */
export const valueWords = ({ value, awaited = false }) => (awaited ? "–" : value === null ? "undefined" : number(value));

function draw(figure, { entry, metric }) {
  write(figure.querySelector("dt"), entry.title);
  const value = figure.querySelector(".headline-value");
  write(value, valueWords(metric));
  value.classList.toggle("is-undefined", metric.value === null);
  write(figure.querySelector(".headline-unit"), metric.value === null ? "" : entry.unit);
  write(figure.querySelector(".headline-better"), metric.value === null ? metric.undefined : better(entry));
  write(figure.querySelector(".headline-interval"), interval(metric.interval));
  drawRange(figure.querySelector(".range"), metric.value, entry.bounds);
  drawInterval(figure.querySelector(".range"), metric.interval, entry.bounds);
}
