// The answer in words. In go the overlap and the report, out come the heading and the sentences under it.

import { byId, make, write } from "./dom.js";
import { count, labelling, number, percentage } from "../model/format.js";

/** @import {Overlap, Size} from "../model/rectangles.js" */

/** Yes or no first. Drawn from our own overlap while a hand moves, so it never waits.
 * @param {Overlap} overlap @param {Size} rectangle */
export function showOverlap(overlap, rectangle) {
  write(byId("answer-heading"), overlapWords(overlap));
  write(byId("answer-figures"), overlapFigures(overlap, rectangle));
}

/** @param {Overlap} overlap */
export function overlapWords({ overlaps, percent }) {
  if (!overlaps) return "They do not overlap";
  return percent === 100 ? "They coincide, by 100\u00a0%" : `They overlap by ${percentage(percent)}`;
}

function overlapFigures({ overlaps, area_px, iou }, { width, height }) {
  const area = count(width * height);
  if (!overlaps) return `None of a rectangle’s ${area} px.`;
  return `${count(area_px)} of a rectangle’s ${area} px. Rectangle IoU ${number(iou)}.`;
}

/** The first metric, and where it stands among random pairs. @param {string} title @param {string} value @param {string} standing */
export function showFirst(title, value, standing) {
  const [name, words] = byId("answer-chance").children;
  write(name, [title, value].filter(Boolean).join("\u00a0"));
  write(words, standing && `: ${standing}`);
}

/** What is paired, what counts as positive, and what was done to the picture.
 * @param {object} report @param {Set<string>} elsewhere words that stand beside what they are about */
export function showTerms({ labels, notes }, elsewhere) {
  write(byId("classes-term"), labels.classes.length === 2 ? "Positive" : "Classes");
  write(byId("classes-words"), labels.classes.length === 2 ? positiveWords(labels) : classesWords(labels));
  const list = byId("notes");
  list.replaceChildren(...notes.filter(({ text }) => !elsewhere.has(text)).map(({ text }) => make("li", text)));
  list.hidden = list.children.length === 0;
}

function positiveWords({ method, thresholds, classes }) {
  const [truth, test = truth] = thresholds;
  if (truth === undefined) return `${classes[1]}, the larger of the two ${labelling(method)}.`;
  if (truth !== test) return `Bright: truth from level ${truth}, test from level ${test}.`;
  return `Bright: level ${truth} or above (${method === "otsu" ? "Otsu’s threshold" : "the threshold you set"}).`;
}

function classesWords({ method, classes }) {
  const many = `${count(classes.length)} ${classes.length === 1 ? "class" : "classes"}`;
  return method === "values" ? `${many}, one for each value that occurs.` : `${many} of equally many grey levels.`;
}
