// Two classes: four cells, each with its name, swatch, count and share of the row.

import { stamp, write } from "./dom.js";
import { count, percentage } from "../model/format.js";

/** The four outcomes, [truth][test]. */
export const OUTCOMES = [
  [
    { key: "tn", name: "TN", words: "true negative" },
    { key: "fp", name: "FP", words: "false positive" },
  ],
  [
    { key: "fn", name: "FN", words: "false negative" },
    { key: "tp", name: "TP", words: "true positive" },
  ],
];

/** @param {string[]} classes @param {(cell: {row: number, column: number}) => void} onCell */
export function createBinary(classes, onCell) {
  const table = stamp("template-binary");
  for (const name of table.querySelectorAll("[data-class]")) name.textContent = classes[name.dataset.class];
  const cells = [...table.querySelectorAll("[data-cell]")].map((place) => {
    const [row, column] = place.dataset.cell.split(" ").map(Number);
    const button = stamp("template-outcome");
    const abbreviation = button.querySelector("abbr");
    abbreviation.textContent = OUTCOMES[row][column].name;
    abbreviation.title = OUTCOMES[row][column].words;
    button.addEventListener("click", () => onCell({ row, column }));
    place.append(button);
    return { row, column, button };
  });
  return {
    element: table,
    fits: (others) => others.length === 2 && others.every((name, index) => name === classes[index]),
    show(matrix, totals, _display, chosen) {
      for (const cell of cells) drawCell(cell, matrix, totals, chosen);
    },
  };
}

function drawCell({ row, column, button }, matrix, totals, chosen) {
  const pixels = matrix[row][column];
  const share = totals.rows[row] > 0 ? (100 * pixels) / totals.rows[row] : null;
  write(button.querySelector(".cell-count"), count(pixels));
  write(button.querySelector(".cell-share"), share === null ? "empty row" : `${percentage(share)} of row`);
  button.querySelector(".cell-bar").firstElementChild.style.width = `${share ?? 0}%`;
  button.setAttribute("aria-pressed", String(chosen?.row === row && chosen?.column === column));
}
