// The pixels of a chosen cell, lit up. In go pairs and a cell, out comes an image: those pixels coloured, the rest veiled.

import { forEachPair } from "../model/pairs.js";

/** @import {Pairs} from "../model/pairs.js" */

const OUTCOME_COLOURS = [
  [[217, 222, 228], [184, 74, 0]],
  [[10, 102, 194], [20, 25, 31]],
];
const MANY_CLASSES_COLOUR = [20, 25, 31];
const PALE_VEIL = [255, 255, 255, 190];
const INK_VEIL = [20, 25, 31, 200];

/** @param {Pairs} pairs @param {{row: number, column: number}} cell @param {number} classes how many there are
 * @returns {ImageData} */
export function litImage(pairs, cell, classes) {
  const image = new ImageData(pairs.rectangle.width, pairs.rectangle.height);
  const colour = classes === 2 ? OUTCOME_COLOURS[cell.row][cell.column] : MANY_CLASSES_COLOUR;
  const veil = colour[0] > 200 ? INK_VEIL : PALE_VEIL; // pale pixels show on ink, all others on white
  const lit = [...colour, 255];
  forEachPair(pairs, cell, (index, isIn) => image.data.set(isIn ? lit : veil, 4 * index));
  return image;
}

/** @param {HTMLCanvasElement} canvas @param {ImageData | null} image null hides the canvas */
export function paintLit(canvas, image) {
  canvas.hidden = image === null;
  if (image === null) return;
  canvas.width = image.width;
  canvas.height = image.height;
  canvas.getContext("2d").putImageData(image, 0, 0);
}
