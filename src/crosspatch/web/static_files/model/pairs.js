// Pairs of pixels, in the browser. In go levels, places and the report's lookup, out come the classes of each pair.

/** @import {LevelsByRole} from "./levels.js" */
/** @import {Place, Role, Size} from "./rectangles.js" */
/** @typedef {{levels: LevelsByRole, pictureWidth: number, rectangle: Size, places: Record<Role, Place>,
 *   lookup: Record<Role, (number | null)[]>}} Pairs */

/** The level at an offset inside a rectangle. @param {Pairs} pairs @param {Role} role @param {number} x @param {number} y */
export function levelAt({ levels, pictureWidth, places }, role, x, y) {
  return levels[role][(places[role].y + y) * pictureWidth + places[role].x + x];
}

/** Both levels and both classes of the pair at an offset. @param {Pairs} pairs @param {Place} offset */
export function pairAt(pairs, { x, y }) {
  const truth = levelAt(pairs, "truth", x, y);
  const test = levelAt(pairs, "test", x, y);
  return { truth, test, row: pairs.lookup.truth[truth], column: pairs.lookup.test[test] };
}

/** Call `paint(index, isIn)` for each pair, row by row, with whether it belongs to the cell.
 * @param {Pairs} pairs @param {{row: number, column: number}} cell @param {(index: number, isIn: boolean) => void} paint */
export function forEachPair(pairs, cell, paint) {
  const { rectangle, lookup } = pairs;
  let index = 0;
  for (let y = 0; y < rectangle.height; y += 1) {
    for (let x = 0; x < rectangle.width; x += 1) {
      const row = lookup.truth[levelAt(pairs, "truth", x, y)];
      paint(index, row === cell.row && lookup.test[levelAt(pairs, "test", x, y)] === cell.column);
      index += 1;
    }
  }
}
