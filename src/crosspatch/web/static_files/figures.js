// What a report says, in views that the page shares with the report that stands alone. In go reports and pixels, out come
// numbers and pictures.

import { createHeadlines } from "./view/headlines.js";
import { litImage, paintLit } from "./view/lit.js";
import { createMetrics } from "./view/metrics.js";
import { createPerClass } from "./view/per-class.js";

/** @import {Levels} from "./model/chance.js" */
/** @import {Pairs} from "./model/pairs.js" */

/** The views that draw what the catalogue lists. @param {object[]} catalogue */
export function createFigures(catalogue) {
  const headlines = createHeadlines(catalogue);
  const metrics = createMetrics(catalogue);
  const perClass = createPerClass(catalogue);
  return {
    headlines,
    metrics,
    /** @param {object} report a full one */
    show(report) {
      for (const view of [headlines, metrics, perClass]) view.show(report);
    },
    /** @param {object} report a part of one, while a hand moves */
    update(report) {
      headlines.show(report);
      metrics.update(report);
    },
    /** What chance gives. @param {Levels | null} levels */
    showChance(levels) {
      for (const key of document.querySelectorAll("[data-chance-key]")) key.classList.toggle("is-late", levels === null);
      headlines.showChance(levels);
      metrics.showChance(levels);
    },
  };
}

/** Light up the chosen cell's pixels, and draw the regions where they are open.
 * @param {Pairs} pairs @param {string[]} classes @param {{row: number, column: number} | null} cell @param {object} regions */
export function drawPixels(pairs, classes, cell, regions) {
  lightUp(cell && litImage(pairs, cell, classes.length));
  regions.show(pairs, classes, cell);
}

/** @param {ImageData | null} image null where no cell is chosen */
export function lightUp(image) {
  for (const canvas of document.querySelectorAll("[data-lit]")) paintLit(canvas, image);
}
