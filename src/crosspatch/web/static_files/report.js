// The report that stands alone: the result's screen, read-only. In goes what its file holds, out come the page's own views.

import { createFigures, drawPixels, lightUp } from "./figures.js";
import { size } from "./model/format.js";
import { ROLES } from "./model/rectangles.js";
import { showOverlap, showTerms } from "./view/answer.js";
import { listenForCopies } from "./view/copy.js";
import { byId, write } from "./view/dom.js";
import { createHalf } from "./view/halves.js";
import { createMatrix } from "./view/matrix.js";
import { createOriginal } from "./view/original.js";
import { showNames, showPair, showPairing } from "./view/pair.js";
import { createRegions } from "./view/regions.js";
import { keepOrder } from "./view/screens.js";
import { createScene } from "./view/stage.js";
import { createThreshold } from "./view/threshold.js";

/** @import {Pairs} from "./model/pairs.js" */
/** @import {Role} from "./model/rectangles.js" */

const { report, catalogue, names } = JSON.parse(byId("report-data").textContent);
const { rectangles, labels, resized, overlap } = report;
const rectangle = { width: rectangles.truth.width, height: rectangles.truth.height };
const isPair = overlap === null;
const isWhole = isPair && report.request.rectangle === undefined;
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
drawAnswer();
drawPictures();
matrix.show(shown);
figures.show(threshold.show(report));
regions.summarise(rectangle);
drawRepeat();
listenForCopies();
keepOrder();

function drawAnswer() {
  if (isPair) showPair(report);
  else showOverlap(overlap, rectangle);
  showPairing(report);
  showTerms(shown, figures.metrics.notes);
}

function drawPictures() {
  const descriptions = [report.image, ...(isPair ? [report.test_image] : [])];
  const [picture, testPicture = null] = descriptions.map((description, index) => {
    return { id: description.id, name: names[index], url: originals[index], description };
  });
  showNames(picture, testPicture);
  drawOriginal("original", picture);
  drawOriginal("original-test", testPicture);
  byId("stage-pair").hidden = !isPair;
  if (isPair) {
    byId("stage-frame").remove();
    ROLES.forEach(drawHalf);
  } else drawStage(byId("stage"), ROLES, drawings[0]);
}

function drawOriginal(name, picture) {
  createOriginal(name).show(picture);
  byId(`${name}-more`).hidden = picture?.id === null; // pixels that came from no file
}

/** @param {Role} role @param {number} index which of the two pictures it is */
function drawHalf(role, index) {
  const half = createHalf(role);
  write(half.querySelector(".half-name"), names[index]);
  byId("stage-pair").append(half);
  drawStage(half.querySelector(".stage"), [role], drawings[index]);
}

/** @param {HTMLElement} stage @param {readonly Role[]} roles whose rectangles this picture has @param {string} source */
function drawStage(stage, roles, source) {
  for (const name of ["tabindex", "aria-describedby"]) stage.removeAttribute(name);
  stage.setAttribute("role", "img");
  stage.classList.toggle("is-whole", isWhole);
  stage.setAttribute("aria-label", isWhole ? `The ${roles[0]} picture` : `The picture with ${roles.map(rectangleWords).join(" and ")}`);
  stage.querySelector(".stage-picture").src = source;
  const { scene, show } = createScene(stage, roles);
  scene.chosen = null;
  show(resized, rectangle, rectangles);
}

function rectangleWords(role) {
  const { x, y } = rectangles[role];
  return `the ${role} rectangle, ${size(rectangles[role])} px at ${x}, ${y}`;
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

/** The levels of both regions, which the file holds one below the other: one picture, as wide as a region. Beneath them
 * stands which pairs are counted, where not all of them are.
 * @returns {Promise<Pairs>} */
async function readPairs() {
  const packed = Uint8Array.from(atob(byId("report-levels").textContent), (character) => character.charCodeAt(0));
  const unpacked = new Blob([packed]).stream().pipeThrough(new DecompressionStream("deflate"));
  const both = new Uint8Array(await new Response(unpacked).arrayBuffer());
  const levels = { truth: both, test: both };
  const places = { truth: { x: 0, y: 0 }, test: { x: 0, y: rectangle.height } };
  const counted = both.subarray(2 * rectangle.width * rectangle.height);
  return { levels, pictureWidth: rectangle.width, rectangle, places, ...(counted.length > 0 ? { counted } : {}) };
}
