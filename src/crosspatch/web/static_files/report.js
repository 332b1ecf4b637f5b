// The report that stands alone: the result's screen, read-only. In goes what its file holds, out come the page's own views.

import { createFigures, drawPixels, lightUp } from "./figures.js";
import { size } from "./model/format.js";
import { ROLES } from "./model/rectangles.js";
import { showOverlap, showTerms } from "./view/answer.js";
import { listenForCopies } from "./view/copy.js";
import { byId, write } from "./view/dom.js";
import { createMatrix } from "./view/matrix.js";
import { createOriginal } from "./view/original.js";
import { createRegions } from "./view/regions.js";
import { keepOrder } from "./view/screens.js";
import { createScene } from "./view/stage.js";
import { createThreshold } from "./view/threshold.js";

/** @import {Pairs} from "./model/pairs.js" */
/** @import {Role} from "./model/rectangles.js" */

const { report, catalogue, names } = JSON.parse(byId("report-data").textContent);
const { rectangles, labels, resized, overlap } = report;
const rectangle = { width: rectangles.truth.width, height: rectangles.truth.height };
// Pictures and words stand in the file once: where browsers without scripts show them.
const plain = new DOMParser().parseFromString(document.querySelector("noscript").textContent, "text/html");
const originals = [...plain.querySelectorAll("[data-original]")].map((image) => image.getAttribute("src"));
const drawings = [...plain.querySelectorAll("[data-resized]")].map((image) => image.getAttribute("href"));

const figures = createFigures(catalogue);
const threshold = createThreshold(catalogue, { onSlide: drawSlide });
const matrix = createMatrix({ onChoose: drawPairs });
const regions = createRegions({ onOpen: drawPairs });
/** @type {Promise<Pairs> | null} */ let pairs = null;
let shown = report; // what it says of the threshold under the slider

for (const id of ["picture-bar", "result", "answer"]) byId(id).hidden = false;
write(byId("picture-name"), names.join(" and "));
write(byId("picture-size"), size(report.image));
drawAnswer();
drawPictures();
matrix.show(shown);
figures.show(threshold.show(report));
regions.summarise(rectangle);
drawRepeat();
listenForCopies();
keepOrder();

function drawAnswer() {
  if (overlap === null) write(byId("answer-heading"), "Two pictures compared");
  else showOverlap(overlap, rectangle);
  byId("answer-figures").parentElement.hidden = overlap === null;
  showTerms(shown, figures.metrics.notes);
}

function drawPictures() {
  const first = byId("stage").parentElement;
  const figure = byId("original").closest("figure");
  const { id } = report.image;
  createOriginal().show({ id, url: originals[0], description: report.image });
  byId("original-more").hidden = id === null;
  if (overlap === null) {
    drawStage(twin(first).querySelector(".stage"), ["test"], drawings[1]);
    drawTestOriginal(twin(figure));
  }
  drawStage(byId("stage"), overlap === null ? ["truth"] : ROLES, drawings[0]);
}

/** @param {HTMLElement} stage @param {readonly Role[]} roles whose rectangles this picture has @param {string} source */
function drawStage(stage, roles, source) {
  for (const name of ["tabindex", "aria-describedby"]) stage.removeAttribute(name);
  stage.setAttribute("role", "img");
  stage.setAttribute("aria-label", `The picture with ${roles.map(rectangleWords).join(" and ")}`);
  for (const part of stage.querySelectorAll("[data-outline], [data-tag], [data-lit]")) {
    const { outline, tag, lit } = part.dataset;
    if (!roles.includes(outline ?? tag ?? lit)) part.remove();
  }
  stage.querySelector(".stage-picture").src = source;
  const { scene, show } = createScene(stage, roles);
  scene.chosen = null;
  show(resized, rectangle, rectangles);
}

function rectangleWords(role) {
  const { x, y } = rectangles[role];
  return `the ${role} rectangle, ${size(rectangles[role])} px at ${x}, ${y}`;
}

function drawTestOriginal(figure) {
  write(figure.querySelector("strong"), "The original test picture");
  write(figure.querySelector(".muted"), size(report.test_image));
  for (const part of figure.querySelectorAll("figcaption > :not(strong, .muted:first-of-type)")) part.remove();
  const button = figure.querySelector("button");
  button.firstElementChild.src = originals[1];
  button.setAttribute("aria-label", "Enlarge the original test picture");
  button.addEventListener("click", () => {
    byId("original-large").src = originals[1];
    byId("original-dialog").showModal();
  });
}

/** A second of the same, after it, for the second picture; the ids stay the first one's. @param {HTMLElement} element */
function twin(element) {
  const other = element.cloneNode(true);
  for (const named of other.querySelectorAll("[id]")) named.removeAttribute("id");
  element.after(other);
  return other;
}

function drawRepeat() {
  write(byId("repeat-gist"), `seed ${report.request.seed}, the command line, the request`);
  write(byId("repeat-settings"), plain.querySelector("[data-settings]").textContent);
  write(byId("repeat-command"), plain.querySelector("[data-command]").textContent);
  write(byId("repeat-request"), JSON.stringify(report.request, null, 2));
}

/** The threshold moves, and everything that follows it. */
function drawSlide(newest) {
  shown = newest;
  showTerms(shown, figures.metrics.notes);
  matrix.show(shown);
  figures.update(shown);
  drawPairs();
}

/** Light up the chosen cell's pixels, and draw the regions where they are open. */
async function drawPairs() {
  if (matrix.chosen === null && !regions.isOpen) {
    lightUp(null);
    return;
  }
  pairs ??= readPairs();
  drawPixels({ ...(await pairs), lookup: shown.labels.lookup }, labels.classes, matrix.chosen, regions);
}

/** The levels of both regions, which the file holds one below the other: one picture, as wide as a region.
 * @returns {Promise<Pairs>} */
async function readPairs() {
  const packed = Uint8Array.from(atob(byId("report-levels").textContent), (character) => character.charCodeAt(0));
  const unpacked = new Blob([packed]).stream().pipeThrough(new DecompressionStream("deflate"));
  const levels = new Uint8Array(await new Response(unpacked).arrayBuffer());
  const places = { truth: { x: 0, y: 0 }, test: { x: 0, y: rectangle.height } };
  return { levels, pictureWidth: rectangle.width, rectangle, places };
}
