// Both regions enlarged, their map between them, one probe on all. In go pairs of pixels, out comes what is at the probe.

import { byId, write } from "./dom.js";
import { createErrorMap } from "./error-map.js";
import { litImage } from "./lit.js";
import { OUTCOMES } from "./matrix-binary.js";
import { count, size } from "../model/format.js";
import { ROLES, inside } from "../model/rectangles.js";
import { levelAt, pairAt } from "../model/pairs.js";

/** @import {Pairs} from "../model/pairs.js" */

const ARROWS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
const ONE_PIXEL = { width: 1, height: 1 };

/** @param {{onOpen: () => void}} what */
export function createRegions({ onOpen }) {
  const part = byId("regions-part");
  const group = byId("regions");
  const canvases = { truth: byId("region-truth"), test: byId("region-test") };
  const map = createErrorMap({ onChange: draw });
  const tiles = [...Object.values(canvases), map.canvas];
  const scene = { pairs: null, classes: [], cell: null, probe: null };

  function draw() {
    if (scene.pairs === null || !part.open) return;
    const { pairs, classes, cell } = scene;
    const lit = cell && litImage(pairs, cell, classes.length);
    for (const role of ROLES) drawTile(canvases[role], pairs, greyImage(pairs, classes, role), lit);
    drawTile(map.canvas, pairs, map.image(pairs, classes), null);
    probeAt(scene.probe ?? middleOf(pairs.rectangle));
  }

  /** Move the probe alone: the tiles stay as they are painted. */
  function probeAt(place) {
    if (scene.pairs === null || !part.open) return;
    const { rectangle } = scene.pairs;
    scene.probe = inside(place, ONE_PIXEL, rectangle);
    for (const tile of tiles) drawProbe(tile.nextElementSibling, scene.probe, rectangle);
    write(byId("probe"), probeWords(pairAt(scene.pairs, scene.probe), scene));
  }

  for (const canvas of tiles) {
    for (const name of ["pointermove", "pointerdown"]) canvas.addEventListener(name, (event) => probeAt(under(event)));
  }
  group.addEventListener("keydown", (event) => {
    const step = ARROWS[event.key];
    if (!step || scene.probe === null) return;
    event.preventDefault();
    const far = event.shiftKey ? 10 : 1;
    probeAt({ x: scene.probe.x + step[0] * far, y: scene.probe.y + step[1] * far });
  });
  part.addEventListener("toggle", () => {
    if (part.open) onOpen();
    draw();
  });

  return {
    get isOpen() {
      return part.open;
    },
    /** @param {Pairs | null} pairs @param {string[]} classes @param {{row: number, column: number} | null} cell */
    show(pairs, classes, cell) {
      Object.assign(scene, { pairs, classes, cell });
      draw();
    },
    /** @param {{width: number, height: number}} rectangle */
    summarise: (rectangle) => write(byId("regions-gist"), `${size(rectangle)} px each, with a probe on both and a map of where they differ`),
  };
}

const middleOf = ({ width, height }) => ({ x: width / 2, y: height / 2 });

function under(event) {
  const canvas = event.currentTarget;
  const box = canvas.getBoundingClientRect();
  const [x, y] = [(event.clientX - box.left) / box.width, (event.clientY - box.top) / box.height];
  return { x: Math.floor(x * canvas.width - 0.001), y: Math.floor(y * canvas.height - 0.001) };
}

function drawTile(canvas, { rectangle: { width, height } }, image, lit) {
  canvas.width = width;
  canvas.height = height;
  canvas.parentElement.style.setProperty("--ratio", String(width / height));
  const pen = canvas.getContext("2d");
  pen.putImageData(image, 0, 0);
  if (lit) pen.drawImage(asCanvas(lit), 0, 0);
}

/** The levels as grey. Few classes that are values (a mask with 0 to 5) are spread over black to white, or all were black. */
function greyImage(pairs, classes, role) {
  const { rectangle, lookup } = pairs;
  const image = new ImageData(rectangle.width, rectangle.height);
  const spread = lookup[role].some((label) => label === null) && classes.length > 1;
  const grey = (level) => (spread ? Math.round((255 * (lookup[role][level] ?? 0)) / (classes.length - 1)) : level);
  for (let index = 0; index < rectangle.width * rectangle.height; index += 1) {
    const level = grey(levelAt(pairs, role, index % rectangle.width, Math.floor(index / rectangle.width)));
    image.data.set([level, level, level, 255], 4 * index);
  }
  return image;
}

function asCanvas(image) {
  const canvas = new OffscreenCanvas(image.width, image.height);
  canvas.getContext("2d").putImageData(image, 0, 0);
  return canvas;
}

function drawProbe(mark, { x, y }, { width, height }) {
  mark.style.left = `${(100 * x) / width}%`;
  mark.style.top = `${(100 * y) / height}%`;
  mark.style.width = `${100 / width}%`;
  mark.style.height = `${100 / height}%`;
}

function probeWords({ truth, test, row, column }, { classes, probe }) {
  const place = `At ${probe.x}, ${probe.y}: `;
  const difference = `; test − truth = ${count(test - truth)}`;
  if (row === null || column === null) return `${place}truth ${truth}, test ${test}: not counted${difference}`;
  if (classes.length === 2) return `${place}truth ${truth}, test ${test}: ${OUTCOMES[row][column].name}${difference}`;
  const named = (level, label) => (classes[label] === String(level) ? `class ${level}` : `${level} (class ${classes[label]})`);
  return `${place}truth ${named(truth, row)}, test ${named(test, column)}${difference}`;
}
