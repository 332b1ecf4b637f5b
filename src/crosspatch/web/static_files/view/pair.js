// What the page says and offers when two pictures are compared. In goes the session, out come names, choices and words.

import { byId, write } from "./dom.js";
import { count, size } from "../model/format.js";

/** @import {Picture} from "../model/pictures.js" */
/** @import {Setup} from "../model/setup.js" */

/** @param {{onWhole: (whole: boolean) => void, onRemove: () => void}} what */
export function createPair({ onWhole, onRemove }) {
  const radios = byId("controls").elements.whole;
  for (const radio of radios) radio.addEventListener("change", () => onWhole(radios.value === "yes"));
  byId("test-remove").addEventListener("click", onRemove);
  return {
    /** What can be chosen and moved. @param {Setup} setup */
    offer({ test_image, whole }) {
      const isPair = test_image !== null;
      for (const id of ["pair-mode", "test-remove"]) byId(id).hidden = !isPair;
      byId("chosen-rectangle").hidden = isPair;
      radios.value = whole ? "yes" : "no";
      for (const id of ["place", "arrows", "new-pair"]) byId(id).hidden = whole;
      write(byId("remove"), isPair ? "Remove both" : "Remove");
      write(byId("new-pair"), isPair ? "New place" : "New pair");
      write(byId("rectangle-legend"), isPair ? "Rectangle" : "Rectangles");
    },
  };
}

/** The pictures' names, in the bar and beside the original. @param {Picture} picture @param {Picture | null} testPicture */
export function showNames(picture, testPicture) {
  const isPair = testPicture !== null;
  write(byId("picture-name"), picture.name);
  write(byId("picture-size"), size(picture.description));
  write(byId("test-name"), testPicture?.name ?? "");
  write(byId("test-size"), isPair ? size(testPicture.description) : "");
  for (const id of ["truth-mark", "test-line"]) byId(id).hidden = !isPair;
  const title = isPair ? "The original truth picture" : "The original picture";
  write(byId("original-title"), title);
  byId("original").alt = title;
  byId("original-enlarge").setAttribute("aria-label", `Enlarge ${title.replace("The", "the")}`);
}

/** @param {object} report of two pictures */
export const pairWords = ({ request }) =>
  request.rectangle === undefined ? "Truth and test compared whole" : "Compared by one rectangle";

/** The heading and the figures under it. @param {object} report of two pictures */
export function showPair(report) {
  const { request, resized, rectangles, confusion } = report;
  const pairs = `${count(counted(confusion))} pixel pairs`;
  const { x, y } = rectangles.truth;
  const place = `${size(rectangles.truth)} px at ${x}, ${y} in both pictures`;
  write(byId("answer-heading"), pairWords(report));
  write(byId("answer-figures"), `${pairs}: ${request.rectangle === undefined ? `both pictures at ${size(resized)} px` : place}.`);
}

/** How pixels pair, and which pairs are left out. @param {object} report */
export function showPairing({ request, rectangles, confusion, test_image }) {
  write(byId("shared-term"), test_image ? "Compared" : "Shared");
  const how = `Pixels pair by their place ${test_image ? "in both pictures" : "inside each rectangle"}.`;
  const { ignore } = request;
  const levels = ignore.length > 0 ? `${ignore.length === 1 ? "level" : "levels"} ${ignore.join(", ")} ignored` : "";
  const why = [levels, request.ignore_mask === undefined ? "" : "by the ignore mask"].filter(Boolean).join(", ");
  const all = rectangles.truth.width * rectangles.truth.height;
  const left = `${count(all - counted(confusion))} of ${count(all)} are left out: ${why}.`;
  write(byId("pairs-words"), why === "" ? how : `${how} ${left}`);
}

const counted = ({ matrix }) => matrix.flat().reduce((sum, pixels) => sum + pixels, 0);
