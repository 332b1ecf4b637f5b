// Rectangles moved by mouse and finger. In go pointers on the stage, out come the places they lead to.

import { centredOn } from "../model/rectangles.js";

/** @import {Place, Role} from "../model/rectangles.js" */
/** @typedef {{role: Role, gesture: symbol, pointer: number, offset: Place}} Drag `offset` leads from the pointer to the corner */

/** @param {HTMLElement} stage
 * @param {{places: Record<Role, Place> | null, rectangle: object, chosen: Role, scale: number}} scene as it is drawn now
 * @param {{onMove: (role: Role, place: Place, how: object) => void, onChoose: (role: Role) => void}} what */
export function listenForDrags(stage, scene, { onMove, onChoose }) {
  /** @type {Drag | null} */ let drag = null;
  const follow = (event, moving) => {
    const { x, y } = pointUnder(event, stage, scene);
    onMove(drag.role, { x: x + drag.offset.x, y: y + drag.offset.y }, { moving, gesture: drag.gesture });
  };
  const end = (event) => {
    if (drag?.pointer !== event.pointerId) return;
    if (event.type === "pointerup") follow(event, false);
    else onMove(drag.role, scene.places[drag.role], { gesture: drag.gesture });
    drag = null;
    stage.classList.remove("is-dragging");
  };
  stage.addEventListener("pointerdown", (event) => {
    const role = event.target.dataset.grip;
    if (!role || event.button !== 0 || drag !== null) return;
    onChoose(role);
    drag = begin(event, role, stage, scene);
  });
  stage.addEventListener("pointermove", (event) => {
    if (drag?.pointer === event.pointerId) follow(event, true);
  });
  stage.addEventListener("pointerup", end);
  stage.addEventListener("pointercancel", end);
  stage.addEventListener("click", (event) => {
    // After a drag the click is the stage's own: it had captured the pointer.
    const onPicture = event.target !== stage && !event.target.dataset.grip;
    if (onPicture && scene.places) onMove(scene.chosen, centredOn(pointUnder(event, stage, scene), scene.rectangle), {});
  });
}

/** Where a pointer is, in pixels of the resized picture. @returns {Place} */
function pointUnder(event, stage, { scale }) {
  const box = stage.getBoundingClientRect();
  return { x: (event.clientX - box.left) / scale, y: (event.clientY - box.top) / scale };
}

/** @returns {Drag} */
function begin(event, role, stage, scene) {
  event.preventDefault();
  stage.setPointerCapture(event.pointerId);
  stage.classList.add("is-dragging");
  stage.focus({ preventScroll: true, focusVisible: false });
  const from = pointUnder(event, stage, scene);
  const { x, y } = scene.places[role];
  return { role, gesture: Symbol("drag"), pointer: event.pointerId, offset: { x: x - from.x, y: y - from.y } };
}
