// Two pictures, truth and test, side by side. In goes the one rectangle, out come moves of it in either.

import { createStage } from "./stage.js";
import { byId, stamp, write } from "./dom.js";
import { ROLES } from "../model/rectangles.js";
import { pictureSize, rectangleSize } from "../model/setup.js";

/** @import {Picture} from "../model/pictures.js" */
/** @import {Place, Role} from "../model/rectangles.js" */
/** @import {Setup} from "../model/setup.js" */

const TITLES = { truth: "Truth", test: "Test" };

/** @param {{onMove: (role: Role, place: Place, how: object) => void, onNewPair: () => void, onUndo: () => void,
 *   onRedo: () => void}} what */
export function createHalves(what) {
  const box = byId("stage-pair");
  /** @type {Record<Role, {figure: HTMLElement, stage: object}> | null} made when there are two pictures at first */ let halves = null;

  function make() {
    const made = ROLES.map((role) => {
      const figure = createHalf(role);
      box.append(figure);
      return [role, { figure, stage: createStage(figure.querySelector(".stage"), { ...what, onChoose: () => {} }, [role]) }];
    });
    return Object.fromEntries(made);
  }

  return {
    /** @param {Setup} setup @param {Record<Role, Place> | null} places */
    show(setup, places) {
      box.hidden = setup.test_image === null;
      byId("stage-frame").hidden = !box.hidden;
      if (box.hidden) return;
      halves ??= make();
      for (const role of ROLES) {
        const { figure, stage } = halves[role];
        describe(figure.querySelector(".stage"), role, setup.whole);
        stage.show(pictureSize(setup), rectangleSize(setup), places);
      }
    },
    /** @param {Record<Role, Picture>} pictures */
    name(pictures) {
      for (const role of ROLES) write(halves[role].figure.querySelector(".half-name"), pictures[role].name);
    },
    /** The pictures themselves, by role; null before they are known to be there. @param {Record<Role, string> | null} sources */
    draw(sources) {
      for (const role of ROLES) {
        const image = halves?.[role].figure.querySelector(".stage-picture");
        if (sources === null) image?.removeAttribute("src");
        else if (image.getAttribute("src") !== sources[role]) image.setAttribute("src", sources[role]);
      }
    },
    /** @param {number[]} step */
    step: (step) => halves.truth.stage.step(step),
    /** @param {string} words */
    tell: (words) => ROLES.forEach((role) => halves[role].stage.tell(words)),
  };
}

/** One of the two pictures, with its place for a rectangle. @param {Role} role @returns {HTMLElement} */
export function createHalf(role) {
  const figure = stamp("template-stage");
  figure.classList.add(`half-${role}`);
  figure.querySelector(".key rect").classList.add(`mark-${role}`);
  figure.querySelector("strong").textContent = TITLES[role];
  figure.querySelector(".tag").textContent = role;
  for (const name of ["lit", "outline", "tag", "grip"]) figure.querySelector(`.${name}`).dataset[name] = role;
  return figure;
}

/** A whole picture is an image; one with a rectangle that keys move is more. */
function describe(stage, role, whole) {
  stage.classList.toggle("is-whole", whole);
  stage.setAttribute("role", whole ? "img" : "application");
  stage.setAttribute("aria-label", whole ? `The ${role} picture` : `The ${role} picture with the rectangle`);
  if (whole) stage.removeAttribute("tabindex");
  else stage.tabIndex = 0;
}
