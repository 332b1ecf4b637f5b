// Which of the three screens is on: bringing a picture, sending it, or the result. And where its parts stand.

import { byId } from "./dom.js";

const SCREENS = ["bring", "sending", "result"];
const narrow = matchMedia("(max-width: 56.24rem)");

/** @returns {string} the screen that is on */
export const screen = () => SCREENS.find((name) => !byId(name).hidden);

/** @param {string} name */
export function showScreen(name) {
  for (const other of SCREENS) byId(other).hidden = other !== name;
  byId("picture-bar").hidden = name !== "result";
}

/** On narrow screens the settings and the original come after the numbers, in the document too: focus follows the eye. */
export function keepOrder() {
  const place = () => (narrow.matches ? byId("parts").prepend(byId("beneath")) : byId("bench").append(byId("beneath")));
  narrow.addEventListener("change", place);
  place();
}
