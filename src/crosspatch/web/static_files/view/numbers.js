// The numbers of a chart as a table. In goes a figure with a folded part for them, out comes how to fill it.

import { make } from "./dom.js";
import { count, number } from "../model/format.js";

/** Built when it is unfolded. @param {HTMLElement} figure
 * @param {() => {head: string[], rows: (string | number | null)[][]}} table @returns {() => void} fill it anew, when it is open */
export function numbersOf(figure, table) {
  const fold = figure.querySelector(".numbers");
  const fill = () => {
    const body = fold.querySelector("table");
    body.replaceChildren();
    if (!fold.open) return;
    const { head, rows } = table();
    body.createTHead().append(rowOf(head, (title) => make("th", title, { scope: "col" })));
    const cell = (value, index) => (index === 0 ? make("th", String(value), { scope: "row" }) : make("td", figureWords(value)));
    body.createTBody().append(...rows.map((row) => rowOf(row, cell)));
  };
  fold.addEventListener("toggle", fill);
  return fill;
}

function rowOf(values, cell) {
  const row = make("tr");
  row.append(...values.map(cell));
  return row;
}

function figureWords(value) {
  if (typeof value === "string") return value;
  return value === null ? "undefined" : Number.isInteger(value) ? count(value) : number(value);
}
