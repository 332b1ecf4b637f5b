// A picture with its rectangles. In go places, out come moves by pointer and key. Nothing waits for the server.

import { write } from "./dom.js";
import { listenForDrags } from "./drags.js";
import { ROLES, sharedRectangle } from "../model/rectangles.js";

/** @import {Place, Role, Size} from "../model/rectangles.js" */

const SMALLEST_GRIP_PX = 44;
const ONE_GESTURE_MS = 1000;
const CRISP_FROM = 3;
const ARROWS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };

/** @param {HTMLElement} stage
 * @param {{onMove: (role: Role, place: Place, how: object) => void, onChoose: (role: Role) => void, onNewPair: () => void,
 *   onUndo: () => void, onRedo: () => void}} what @param {readonly Role[]} roles whose rectangles it shows, the chosen first */
export function createStage(stage, what, roles = ROLES) {
  const { scene, draw, show } = createScene(stage, roles);
  listenForDrags(stage, scene, what);
  const step = listenForKeys(stage, scene, what);
  return {
    step,
    show,
    /** @param {Role} role */
    choose(role) {
      scene.chosen = role;
      draw();
    },
    /** @param {string} words shown under the picture while a finger hides it */
    tell: (words) => write(stage.querySelector(".stage-bar"), words),
  };
}

/** A picture with its rectangles as they stand. @param {HTMLElement} stage @param {readonly Role[]} roles */
export function createScene(stage, roles) {
  const scene = { picture: null, rectangle: null, places: null, roles, chosen: roles[0], scale: 1 };
  const draw = () => drawScene(stage, scene);
  new ResizeObserver(draw).observe(stage);
  return {
    scene,
    draw,
    /** @param {Size} picture @param {Size} rectangle @param {Record<Role, Place> | null} places */
    show(picture, rectangle, places) {
      Object.assign(scene, { picture, rectangle, places });
      stage.style.setProperty("--ratio", String(picture.width / picture.height));
      draw();
    },
  };
}

function drawScene(stage, scene) {
  const { picture, rectangle, places } = scene;
  if (picture === null) return;
  scene.scale = stage.clientWidth / picture.width;
  stage.querySelector(".stage-picture").classList.toggle("crisp", scene.scale * devicePixelRatio >= CRISP_FROM);
  stage.classList.toggle("is-empty", places === null);
  if (places === null) return;
  for (const role of scene.roles) drawRectangle(stage, scene, role);
  const shared = scene.roles.length > 1 ? sharedRectangle(places.truth, places.test, rectangle) : null;
  setBox(stage.querySelector("[data-shared]"), shared ?? { x: 0, y: 0, width: 0, height: 0 }, scene.scale);
}

function drawRectangle(stage, { places, rectangle, scale, chosen }, role) {
  const box = { ...places[role], ...rectangle };
  const outline = stage.querySelector(`[data-outline="${role}"]`);
  outline.classList.toggle("is-chosen", role === chosen);
  for (const line of outline.children) setBox(line, box, scale);
  const grip = stage.querySelector(`[data-grip="${role}"]`);
  grip.classList.toggle("is-chosen", role === chosen);
  placeGrip(grip, box, scale);
  placeTag(stage, stage.querySelector(`[data-tag="${role}"]`), box, scale, role);
  placeGrip(stage.querySelector(`[data-lit="${role}"]`), box, scale, 0);
}

function setBox(line, { x, y, width, height }, scale) {
  for (const [name, value] of Object.entries({ x, y, width, height })) line.setAttribute(name, (value * scale).toFixed(2));
}

function placeGrip(grip, { x, y, width, height }, scale, smallest = SMALLEST_GRIP_PX) {
  const [wide, high] = [Math.max(smallest, width * scale), Math.max(smallest, height * scale)];
  grip.style.width = `${wide}px`;
  grip.style.height = `${high}px`;
  const [left, top] = [(x + width / 2) * scale - wide / 2, (y + height / 2) * scale - high / 2];
  grip.style.transform = `translate(${left}px, ${top}px)`;
}

/** Truth is named above its top left corner, test below its bottom right, so that coinciding rectangles keep both names. */
function placeTag(stage, tag, { x, y, width, height }, scale, role) {
  const [wide, high] = [tag.offsetWidth, tag.offsetHeight];
  let left = x * scale - 3;
  let top = y * scale - high - 3;
  if (role === "test") {
    left = (x + width) * scale - wide + 3;
    top = (y + height) * scale + 3;
  }
  if (top < 0) top = y * scale + 5;
  if (top + high > stage.clientHeight) top = (y + height) * scale - high - 5;
  left = Math.max(0, Math.min(left, stage.clientWidth - wide));
  tag.style.transform = `translate(${left}px, ${top}px)`;
}

function listenForKeys(stage, scene, { onMove, onNewPair, onUndo, onRedo }) {
  let gesture = Symbol("keys");
  let last = 0;
  const step = ([dx, dy], far = 1) => {
    if (scene.places === null) return;
    const now = performance.now();
    if (now - last > ONE_GESTURE_MS) gesture = Symbol("keys");
    last = now;
    const place = scene.places[scene.chosen];
    onMove(scene.chosen, { x: place.x + dx * far, y: place.y + dy * far }, { gesture });
  };
  stage.addEventListener("keydown", (event) => {
    const command = event.ctrlKey || event.metaKey;
    const key = event.key.toLowerCase();
    if (event.key in ARROWS && !command && !event.altKey) step(ARROWS[event.key], event.shiftKey ? 10 : 1);
    else if (key === "r" && !command) onNewPair();
    else if (command && key === "z") (event.shiftKey ? onRedo : onUndo)();
    else if (command && key === "y") onRedo();
    else return;
    event.preventDefault();
  });
  return step;
}
