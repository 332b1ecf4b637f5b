// The buttons and fields under the stage. In go places, out come moves of the rectangle that is chosen.

import { byId, markInvalid, writeProblem } from "./dom.js";

/** @import {Place, Role, Size} from "../model/rectangles.js" */

/** @param {{onChoose: (role: Role) => void, onPlace: (place: Place) => void, onStep: (step: number[]) => void,
 *   onNewPair: () => void, onSwap: () => void, onUndo: () => void, onRedo: () => void}} what */
export function createControls({ onChoose, onPlace, onStep, onNewPair, onSwap, onUndo, onRedo }) {
  const form = byId("controls");
  const fields = { x: byId("place-x"), y: byId("place-y") };
  const radios = form.elements.chosen;
  let shown = ""; // an answer that changes no place must not wipe what is being typed
  for (const radio of radios) radio.addEventListener("change", () => onChoose(radios.value));
  for (const field of Object.values(fields)) {
    field.addEventListener("change", () => {
      if (checkPlace(fields)) onPlace({ x: fields.x.valueAsNumber, y: fields.y.valueAsNumber });
    });
  }
  for (const arrow of form.querySelectorAll("[data-step]")) {
    arrow.addEventListener("click", () => onStep(arrow.dataset.step.split(" ").map(Number)));
  }
  const acts = { "new-pair": onNewPair, swap: onSwap, undo: onUndo, redo: onRedo };
  for (const [id, act] of Object.entries(acts)) byId(id).addEventListener("click", act);
  form.addEventListener("submit", (event) => event.preventDefault());

  return {
    choose: (role) => (radios.value = role),
    /** @param {Place} place of the chosen rectangle @param {Size} most the largest x and y, as a size */
    show(place, most, { canUndo, canRedo }) {
      const newest = [radios.value, place.x, place.y, most.width, most.height].join();
      if (newest !== shown) fill(fields, place, most);
      shown = newest;
      disable(byId("undo"), !canUndo);
      disable(byId("redo"), !canRedo);
    },
  };
}

function fill(fields, place, most) {
  [fields.x.value, fields.y.value] = [place.x, place.y];
  [fields.x.max, fields.y.max] = [most.width, most.height];
  checkPlace(fields);
}

/** A disabled button keeps the focus that pressed it. */
function disable(button, disabled) {
  button.setAttribute("aria-disabled", String(disabled));
}

function checkPlace(fields) {
  const problems = Object.entries(fields).map(([name, field]) => {
    const wrong = !field.validity.valid;
    markInvalid(field, wrong);
    return wrong ? `${name} is a whole number from 0 to ${field.max}.` : "";
  });
  writeProblem(byId("problem-place"), problems.filter(Boolean).join(" "));
  return problems.every((words) => words === "");
}
