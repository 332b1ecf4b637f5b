// When chance levels are asked for. In go the session's events and whether the page is seen, out come levels as they grow.

import { fetchBaseline } from "./model/api.js";
import { Chance } from "./model/chance.js";
import { toRequest } from "./model/setup.js";

/** @import {Session} from "./model/session.js" */

/** Where the rectangles lie, once it is known; a seed may have drawn it. @param {Session} session */
function placesOf({ places, testPicture }) {
  if (places === null) return {};
  return testPicture === null ? places : { truth: places.truth };
}

/** @param {Session} session @param {() => void} onChange @returns {Chance} */
export function createChance(session, onChange) {
  const send = (request, signal, onLine) => session.withPicture(() => fetchBaseline(request, signal, onLine));
  const chance = new Chance({ send, onChange, wantsDisjoint: () => session.isDisjoint });
  const request = () => ({ ...toRequest(session.setup), ...(session.setup.whole ? {} : placesOf(session)) });
  const ask = () => session.isAnswered && chance.ask(request());
  session.addEventListener("report", ({ detail: { live } }) => !live && ask());
  session.addEventListener("setup", () => chance.expect(request()));
  session.addEventListener("chance", () => chance.restrict());
  // What could not be compared has been taken back: the numbers that stand are about what was shown before.
  session.addEventListener("problem", ({ detail: { problem } }) => problem.isAboutTheRequest && session.picture !== null && ask());
  for (const name of ["gone", "empty"]) session.addEventListener(name, () => chance.stop());
  const look = () => chance.see(document.visibilityState === "visible");
  document.addEventListener("visibilitychange", look);
  addEventListener("pagehide", () => chance.see(false));
  addEventListener("pageshow", look);
  look();
  return chance;
}
