// More than sixteen classes: a heat map on a canvas, the most confused pairs as a table, and everything as CSV.
// The cells never enter the document.

import { make, stamp } from "./dom.js";
import { saveAs } from "./save.js";
import { heatRamp } from "./ramp.js";
import { heatOf, hottestOf, shareOf } from "./shares.js";
import { count, percentage } from "../model/format.js";

const MOST_CONFUSED = 20;

/** @param {string[]} classes @param {(cell: {row: number, column: number}) => void} onCell */
export function createHeat(classes, onCell) {
  const element = make("div", "", { class: "heat-map" });
  const canvas = make("canvas", "", { class: "heat-canvas", role: "img" });
  canvas.width = canvas.height = classes.length;
  const figure = make("figure");
  figure.append(canvas, make("figcaption", "Rows are truth classes, columns test classes. Points can be chosen too."));
  const csv = make("button", "Confusion matrix as CSV", { type: "button" });
  const confused = stamp("template-confused");
  element.append(figure, csv, confused);
  let newest = [];
  csv.addEventListener("click", () => saveAs("confusion-matrix.csv", toCsv(newest, classes), "text/csv"));
  canvas.addEventListener("click", (event) => {
    const box = canvas.getBoundingClientRect();
    const at = (offset, extent) => Math.min(classes.length - 1, Math.floor((offset / extent) * classes.length));
    onCell({ row: at(event.clientY - box.top, box.height), column: at(event.clientX - box.left, box.width) });
  });
  return {
    element,
    fits: (others) => others.length === classes.length && others.every((name, index) => name === classes[index]),
    show(matrix, totals, display, chosen) {
      newest = matrix;
      paint(canvas, matrix, totals, display, chosen);
      const pairs = mostConfused(matrix);
      canvas.setAttribute("aria-label", canvasWords(classes, pairs));
      confused.hidden = pairs.length === 0;
      fillPairs(confused.querySelector("tbody"), pairs, { classes, totals, chosen, onCell });
    },
  };
}

function paint(canvas, matrix, totals, display, chosen) {
  const pen = canvas.getContext("2d");
  const image = pen.createImageData(canvas.width, canvas.height);
  const ramp = heatRamp();
  const hottest = hottestOf(matrix, totals, display, { keepScale: false });
  matrix.forEach((line, row) =>
    line.forEach((pixels, column) => {
      const hidden = display.hideDiagonal && row === column;
      const percent = hidden ? null : shareOf(pixels, { row, column }, totals, display);
      image.data.set([...ramp.colour(heatOf(percent, hottest, display)), 255], 4 * (row * canvas.width + column));
    }),
  );
  pen.putImageData(image, 0, 0);
  if (chosen === null) return;
  pen.fillStyle = getComputedStyle(canvas).color;
  pen.globalAlpha = 0.35;
  pen.fillRect(0, chosen.row, canvas.width, 1);
  pen.fillRect(chosen.column, 0, 1, canvas.height);
}

/** The largest counts off the diagonal. @param {number[][]} matrix */
function mostConfused(matrix) {
  const pairs = [];
  matrix.forEach((line, row) =>
    line.forEach((pixels, column) => {
      if (pixels > 0 && row !== column) pairs.push({ row, column, pixels });
    }),
  );
  return pairs.sort((one, other) => other.pixels - one.pixels).slice(0, MOST_CONFUSED);
}

function canvasWords(classes, [worst]) {
  const size = `Confusion matrix of ${count(classes.length)} classes as a heat map.`;
  if (!worst) return `${size} No pair is confused.`;
  return `${size} Most confused: truth ${classes[worst.row]} with test ${classes[worst.column]}, ${count(worst.pixels)} px.`;
}

function fillPairs(body, pairs, { classes, totals, chosen, onCell }) {
  const focused = [...body.children].findIndex((line) => line.contains(document.activeElement));
  body.replaceChildren(
    ...pairs.map(({ row, column, pixels }) => {
      const line = make("tr");
      const button = make("button", classes[row], { type: "button", class: "quiet" });
      button.setAttribute("aria-label", `Light up truth ${classes[row]}, test ${classes[column]}`);
      button.setAttribute("aria-pressed", String(chosen?.row === row && chosen?.column === column));
      button.addEventListener("click", () => onCell({ row, column }));
      const name = make("th", "", { scope: "row" });
      name.append(button);
      const share = percentage((100 * pixels) / totals.rows[row]);
      const figures = [count(pixels), share].map((text) => make("td", text, { class: "figure" }));
      line.append(name, make("td", classes[column]), ...figures);
      return line;
    }),
  );
  if (focused >= 0) body.children[focused]?.querySelector("button").focus();
}

/** @param {number[][]} matrix @param {string[]} classes */
function toCsv(matrix, classes) {
  const quoted = (text) => (/[",\n\r]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);
  const head = ["truth \\ test", ...classes].map(quoted).join(",");
  return [head, ...matrix.map((line, row) => [quoted(classes[row]), ...line].join(","))].join("\r\n") + "\r\n";
}
