// One metric, class by class. In goes a report of more than two classes, out comes a table, beyond sixteen on demand.

import { byId, make, write } from "./dom.js";
import { drawRange } from "./range.js";
import { ranked, valueWords } from "./headlines.js";
import { count, interval } from "../model/format.js";
import { MOST_CLASSES_IN_A_TABLE } from "./matrix.js";

/** @param {object[]} catalogue */
export function createPerClass(catalogue) {
  const entries = new Map([...ranked(catalogue), ...catalogue].map((entry) => [entry.key, entry]));
  const section = byId("per-class");
  const menu = byId("per-class-metric");
  const more = byId("per-class-more");
  let report = null;
  let all = false;

  function draw() {
    const classes = report.per_class ?? [];
    section.hidden = report.labels.classes.length <= 2 || !classes[0]?.metrics.length;
    if (section.hidden) return;
    fillMenu(menu, classes[0].metrics, entries);
    const entry = entries.get(menu.value);
    write(byId("per-class-title"), entry.title);
    const shown = all ? classes : classes.slice(0, MOST_CLASSES_IN_A_TABLE);
    byId("per-class-rows").replaceChildren(...shown.map((line, index) => makeRow(line, entry, pixelsOf(report, index))));
    more.hidden = shown.length === classes.length;
    write(more, `Show all ${count(classes.length)} classes`);
  }

  menu.addEventListener("change", draw);
  more.addEventListener("click", () => {
    all = true;
    draw();
  });
  return {
    show(newest) {
      report = newest;
      draw();
    },
  };
}

/** The metrics that classes have, the catalogue's best ranked first. */
function fillMenu(menu, metrics, entries) {
  const keys = new Set(metrics.map(({ key }) => key));
  const wanted = [...entries.keys()].filter((key) => keys.has(key));
  if (wanted.length === menu.options.length && wanted.every((key, index) => menu.options[index].value === key)) return;
  const before = menu.value;
  menu.replaceChildren(...wanted.map((key) => make("option", entries.get(key).title, { value: key })));
  if (keys.has(before)) menu.value = before;
}

function pixelsOf({ confusion: { matrix } }, index) {
  return {
    truth: matrix[index].reduce((sum, value) => sum + value, 0),
    test: matrix.reduce((sum, row) => sum + row[index], 0),
  };
}

function makeRow(line, entry, pixels) {
  const metric = line.metrics.find(({ key }) => key === entry.key);
  const row = make("tr");
  const value = make("td", valueWords(metric), { class: "figure" });
  if (metric.value === null) value.title = metric.undefined;
  const sure = make("td", interval(metric.interval), { class: "figure muted" });
  const bar = make("span", "", { class: "range", "aria-hidden": "true" });
  bar.append(make("span", "", { class: "range-fill" }));
  drawRange(bar, metric.value, entry.bounds);
  const place = make("td");
  place.append(bar);
  const figures = [pixels.truth, pixels.test].map((px) => make("td", count(px), { class: "figure" }));
  row.append(make("th", line.class, { scope: "row" }), ...figures, value, sure, place);
  return row;
}
