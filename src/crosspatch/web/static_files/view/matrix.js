// The confusion matrix, in the form that its size asks for. In goes a report, out comes the cell that was chosen.

import { byId, write } from "./dom.js";
import { createBinary } from "./matrix-binary.js";
import { createHeat } from "./matrix-heat.js";
import { createTable } from "./matrix-table.js";
import { count, percentage } from "../model/format.js";

/** @typedef {{row: number, column: number}} Cell row is the truth class, column the test class */
/** @typedef {{share: "row" | "column" | "total" | "count", log: boolean, hideDiagonal: boolean}} Display */

const HINT = "Choose a cell to light up its pixels in truth and test.";
const UNITS = { row: "% of each row", column: "% of each column", total: "% of all", count: "pixels" };
export const MOST_CLASSES_IN_A_TABLE = 16;

/** @param {{onChoose: (cell: Cell | null) => void}} what */
export function createMatrix({ onChoose }) {
  const display = byId("display");
  let report = null;
  let form = null;
  let chosen = null;

  const choose = (cell) => {
    const again = chosen !== null && cell !== null && chosen.row === cell.row && chosen.column === cell.column;
    chosen = again ? null : cell;
    draw();
    onChoose(chosen);
  };

  function draw() {
    if (report === null) return;
    const { matrix } = report.confusion;
    const { classes } = report.labels;
    if (form === null || !form.fits(classes)) form = build(classes, choose);
    const wanted = readDisplay(display, classes.length);
    form.show(matrix, totalsOf(matrix), wanted, chosen);
    write(byId("matrix-unit"), classes.length === 2 ? "" : UNITS[wanted.share]); // two classes say it in each cell
    write(byId("matrix-cell"), chosen === null ? HINT : cellWords(matrix, classes, chosen));
  }

  function build(classes, onCell) {
    const made = formFor(classes.length)(classes, onCell);
    display.hidden = classes.length <= 2;
    // Thousands of cells hold little each: without a logarithm most would look empty.
    display.querySelector('[name="log"]').checked = classes.length > MOST_CLASSES_IN_A_TABLE;
    byId("matrix-body").replaceChildren(made.element);
    if (chosen !== null && Math.max(chosen.row, chosen.column) >= classes.length) chosen = null;
    return made;
  }

  display.addEventListener("change", draw);
  display.addEventListener("keydown", (event) => {
    if (event.key === "Escape") display.open = false;
  });
  document.addEventListener("pointerdown", (event) => {
    if (!display.contains(event.target)) display.open = false;
  });
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", draw);

  return {
    show(newest) {
      report = newest;
      draw();
    },
    clear() {
      chosen = null;
      form = null;
    },
    get chosen() {
      return chosen;
    },
  };
}

function formFor(classes) {
  if (classes === 2) return createBinary;
  return classes <= MOST_CLASSES_IN_A_TABLE ? createTable : createHeat;
}

/** @param {number[][]} matrix */
function totalsOf(matrix) {
  const rows = matrix.map((row) => row.reduce((sum, value) => sum + value, 0));
  const columns = matrix.map((_, column) => matrix.reduce((sum, row) => sum + row[column], 0));
  return { rows, columns, all: rows.reduce((sum, value) => sum + value, 0) };
}

/** A share of one class would always be 100 %. @returns {Display} */
function readDisplay(display, classes) {
  const checked = (name) => display.querySelector(`[name="${name}"]`).checked;
  const share = display.querySelector('[name="share"]:checked').value;
  return { share: classes === 1 ? "count" : share, log: checked("log"), hideDiagonal: checked("hide_diagonal") };
}

function cellWords(matrix, classes, { row, column }) {
  const pixels = matrix[row][column];
  const all = matrix[row].reduce((sum, value) => sum + value, 0);
  const share = all > 0 ? `, ${percentage((100 * pixels) / all)} of the row` : "";
  return `Lit up: truth ${classes[row]}, test ${classes[column]}, ${count(pixels)} px${share}.`;
}
