// The threshold's slider. In goes a report, out comes what it says of the level under the slider; nothing is sent until release.

import { byId, make, write } from "./dom.js";
import { areaWords, createCurves } from "./curves.js";
import { labelling } from "../model/format.js";
import { atThreshold, positiveFrom, thresholdLabels } from "../model/threshold.js";

const LOWEST = 1; // a labelling has no threshold 0, which takes every pixel, nor 256, which takes none
const HIGHEST = 255;

/** @param {object[]} catalogue @param {{onSlide: (report: object) => void, asked?: () => string,
 *   onAsk?: (labels: string) => void}} what `asked` gives the labelling that is asked for; without `onAsk` none can be */
export function createThreshold(catalogue, { onSlide, asked = () => "", onAsk = null }) {
  const part = byId("threshold-part");
  const slider = byId("threshold");
  const entries = new Map(catalogue.map((entry) => [entry.key, entry]));
  const area = catalogue.find(({ area_under: curve }) => curve !== null);
  const curves = createCurves(catalogue);
  let report = null; // the newest that has curves
  let slid = null; // the slider's level while it is not the report's
  let isHeld = false;

  const levels = () => (slid === null ? reported() : { truth: slid, test: slid });
  const reported = () => ({ truth: positiveFrom(report, "truth"), test: positiveFrom(report, "test") });
  const shownOf = (newest) => (slid === null || !newest.curves ? newest : atThreshold(newest, slid, entries));

  function ask(labels) {
    if (onAsk !== null && labels !== asked()) onAsk(labels);
  }

  function drawWords() {
    const { test } = levels();
    slider.value = test;
    slider.setAttribute("aria-valuetext", `level ${test}`);
    write(byId("threshold-level"), String(test));
    // The area of the truth's classes as they are: a moved threshold would change them too.
    const areaNow = slid === null ? areaWords(area, report) : "";
    write(byId("threshold-gist"), [levelWords(levels()), areaNow].filter(Boolean).join(", "));
    write(byId("threshold-words"), slid === null ? startWords(report, levels()) : slidWords(slid, onAsk !== null));
  }

  slider.addEventListener("input", () => {
    [slid, isHeld] = [slider.valueAsNumber, true];
    curves.move(levels());
    drawWords();
    onSlide(shownOf(report));
  });
  slider.addEventListener("change", () => {
    isHeld = false;
    if (slid >= LOWEST) ask(thresholdLabels(slid, slid));
  });

  return {
    /** The report to show: this one, or what it says of the slider's level while the comparison there is under way.
     * @param {object} newest a part of one while a hand moves rectangles @returns {object} */
    show(newest) {
      const labels = asked();
      if (!isHeld && (newest.request.labels === labels || labels !== thresholdLabels(slid, slid))) slid = null;
      part.classList.toggle("is-late", newest.curves === undefined);
      if (newest.curves === undefined) return newest;
      part.hidden = newest.curves === null;
      if (newest.curves === null) return newest;
      report = newest;
      curves.show(report, levels());
      drawWords();
      if (onAsk !== null) drawBest(report, entries, (test) => ask(thresholdLabels(reported().truth, test)));
      return shownOf(report);
    },
  };
}

const levelWords = ({ truth, test }) => (truth === test ? `level ${test}` : `levels ${truth} and ${test}`);

function slidWords(level, canAsk) {
  if (level < LOWEST) return "At level 0 every pixel is positive, so that there is nothing to tell apart.";
  const words = `Level ${level} or above counts as positive in both regions.`;
  return canAsk ? `${words} On release the server compares there.` : words;
}

/** Where the slider stands before it is moved, and why. */
function startWords({ labels: { method, classes } }, { truth, test }) {
  const [kind] = method.split(":");
  if (kind === "values") return `The values ${classes.join(" and ")} are compared. The slider starts at ${test}; its release sets a threshold in their place.`;
  if (truth !== test) return `Truth is positive from level ${truth}, test from level ${test}, where the slider starts. It moves both together.`;
  return `Level ${test} or above counts as positive in both regions (${labelling(method)}).`;
}

/** A button for each way in which a threshold of the test can be best, the truth's classes kept. */
function drawBest({ curves: { best } }, entries, onChoose) {
  const buttons = best.by.map((key, index) => {
    const level = best.threshold[index];
    const button = make("button", `Best by ${entries.get(key).title}: ${bestWords(level)}`, { type: "button" });
    const canBe = level !== null && level >= LOWEST && level <= HIGHEST;
    button.setAttribute("aria-disabled", String(!canBe));
    if (canBe) button.addEventListener("click", () => onChoose(level));
    return button;
  });
  const focused = [...byId("threshold-best").children].indexOf(document.activeElement);
  byId("threshold-best").replaceChildren(...buttons);
  buttons[focused]?.focus();
}

function bestWords(level) {
  if (level === null) return "undefined";
  if (level < LOWEST) return "all pixels";
  return level > HIGHEST ? "no pixel" : String(level);
}
