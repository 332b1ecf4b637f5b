// Pairs of pixels, in the browser. In go levels, places and the report's lookup, out come the classes of each pair.

/** @import {LevelsByRole} from "./levels.js" */
/** @import {Place, Role, Size} from "./rectangles.js" */
/** @typedef {{levels: LevelsByRole, pictureWidth: number, rectangle: Size, places: Record<Role, Place>,
 *   lookup: Record<Role, (number | null)[]>, counted?: Uint8Array}} Pairs `counted` says which pairs are, row by row; none: all
 *   whose levels belong to a class */

/** The level at an offset inside a rectangle. @param {Pairs} pairs @param {Role} role @param {number} x @param {number} y */
export function levelAt({ levels, pictureWidth, places }, role, x, y) {
  return levels[role][(places[role].y + y) * pictureWidth + places[role].x + x];
}

/** Both levels and both classes of the pair at an offset; classes are null where it is not counted.
 * @param {Pairs} pairs @param {Place} offset */
export function pairAt(pairs, { x, y }) {
  const { lookup, counted, rectangle } = pairs;
  const truth = levelAt(pairs, "truth", x, y);
  const test = levelAt(pairs, "test", x, y);
  const [row, column] = [lookup.truth[truth], lookup.test[test]];
  const isCounted = row !== null && column !== null && counted?.[y * rectangle.width + x] !== 0;
  return { truth, test, row: isCounted ? row : null, column: isCounted ? column : null };
}

/** Call `paint(index, isIn)` for each pair, row by row, with whether it belongs to the cell.
 * @param {Pairs} pairs @param {{row: number, column: number}} cell @param {(index: number, isIn: boolean) => void} paint */
export function forEachPair(pairs, cell, paint) {
  const { rectangle } = pairs;
  let index = 0;
  for (let y = 0; y < rectangle.height; y += 1) {
    for (let x = 0; x < rectangle.width; x += 1) {
      const { row, column } = pairAt(pairs, { x, y });
      paint(index, row === cell.row && column === cell.column);
      index += 1;
    }
  }
}
