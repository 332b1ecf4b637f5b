// The one line for screen readers. In go words, out comes an announcement, never more than one for a movement.

import { byId } from "./dom.js";

const AFTER_MOVEMENT_MS = 500;
let pending = 0;

/** Say it now. @param {string} words */
export function say(words) {
  clearTimeout(pending);
  byId("status").textContent = words;
}

/** Say it once nothing has moved for a while. @param {string} words */
export function sayWhenStill(words) {
  clearTimeout(pending);
  pending = setTimeout(() => say(words), AFTER_MOVEMENT_MS);
}
