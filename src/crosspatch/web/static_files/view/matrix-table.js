// Three to sixteen classes: a table coloured by value. Arrow keys walk its cells: it is one stop for the Tab key.

import { make, write } from "./dom.js";
import { cueOverflow } from "./overflow.js";
import { heatRamp } from "./ramp.js";
import { heatOf, hottestOf, shareOf } from "./shares.js";
import { count, shortCount, shortPercentage } from "../model/format.js";

const MOST_LETTERS_ABREAST = 40;
const ARROWS = { ArrowLeft: [0, -1], ArrowRight: [0, 1], ArrowUp: [-1, 0], ArrowDown: [1, 0] };

/** @param {string[]} classes @param {(cell: {row: number, column: number}) => void} onCell */
export function createTable(classes, onCell) {
  const cells = classes.map((_, row) => classes.map((_, column) => makeCell(row, column, onCell)));
  const scroll = make("div", "", { class: "scroll" });
  const table = make("table", "", { class: "heat" });
  const widest = Math.max(...classes.map((name) => name.length));
  table.classList.toggle("is-upright", widest * classes.length > MOST_LETTERS_ABREAST);
  table.append(headOf(classes), bodyOf(classes, cells));
  table.addEventListener("keydown", (event) => walk(event, cells));
  scroll.append(table);
  cueOverflow(scroll);
  return {
    element: scroll,
    fits: (others) => others.length === classes.length && others.every((name, index) => name === classes[index]),
    show(matrix, totals, display, chosen) {
      const ramp = heatRamp();
      const hottest = hottestOf(matrix, totals, display, { keepScale: true });
      cells.flat().forEach((cell) => drawCell(cell, { matrix, totals, display, chosen, ramp, hottest, classes }));
      stopAt(cells, chosen ?? { row: 0, column: 0 });
    },
  };
}

function makeCell(row, column, onCell) {
  const button = make("button", "", { type: "button", class: "heat-cell", "aria-pressed": "false" });
  button.addEventListener("click", () => onCell({ row, column }));
  return { row, column, button };
}

function headOf(classes) {
  const head = make("thead");
  const sides = make("tr");
  sides.append(make("td"), make("th", "test", { colspan: String(classes.length), scope: "colgroup", class: "side" }));
  const names = make("tr");
  names.append(make("th", "truth", { class: "side corner", scope: "col" }));
  names.append(...classes.map((name) => make("th", name, { scope: "col" })));
  head.append(sides, names);
  return head;
}

function bodyOf(classes, cells) {
  const body = make("tbody");
  classes.forEach((name, row) => {
    const line = make("tr");
    line.append(make("th", name, { scope: "row" }));
    line.append(...cells[row].map(({ button }) => wrap(button)));
    body.append(line);
  });
  return body;
}

function wrap(button) {
  const place = make("td");
  place.append(button);
  return place;
}

function drawCell({ row, column, button }, { matrix, totals, display, chosen, ramp, hottest, classes }) {
  const pixels = matrix[row][column];
  const hidden = display.hideDiagonal && row === column;
  const percent = hidden ? null : shareOf(pixels, { row, column }, totals, display);
  const colour = ramp.colour(heatOf(percent, hottest, display));
  write(button, cellText(pixels, percent, display, hidden));
  button.style.backgroundColor = `rgb(${colour})`;
  button.style.color = ramp.text(colour);
  const words = `truth ${classes[row]}, test ${classes[column]}: ${count(pixels)} px`;
  button.title = words;
  button.setAttribute("aria-label", percent === null ? words : `${words}, ${shortPercentage(percent)} %`);
  button.setAttribute("aria-pressed", String(chosen?.row === row && chosen?.column === column));
}

function cellText(pixels, percent, { share }, hidden) {
  if (hidden) return "";
  if (share === "count") return shortCount(pixels);
  return percent === null ? "–" : shortPercentage(percent); // a dash: nothing to take a share of
}

/** Make one cell the table's stop for the Tab key. */
function stopAt(cells, { row, column }) {
  for (const cell of cells.flat()) cell.button.tabIndex = cell.row === row && cell.column === column ? 0 : -1;
}

function walk(event, cells) {
  const step = ARROWS[event.key];
  const from = cells.flat().find(({ button }) => button === document.activeElement);
  if (!step || !from) return;
  event.preventDefault();
  const to = cells[from.row + step[0]]?.[from.column + step[1]];
  if (!to) return;
  stopAt(cells, to);
  to.button.focus();
}
