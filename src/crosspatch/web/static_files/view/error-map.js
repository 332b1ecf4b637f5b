// Where two regions disagree, pixel by pixel. In go pairs, out comes an image: their outcomes, or how much brighter one is.

import { byId, make, write } from "./dom.js";
import { OUTCOMES } from "./matrix-binary.js";
import { between, token } from "./ramp.js";
import { pairAt } from "../model/pairs.js";

/** @import {Pairs} from "../model/pairs.js" */
/** @typedef {{name: string, key: string, token: string}} Kind of pair: `key` is the class of its swatch */

const MOST = 255;
const OUTCOME_KINDS = [
  [
    { ...OUTCOMES[0][0], token: "--neither" },
    { ...OUTCOMES[0][1], token: "--test" },
  ],
  [
    { ...OUTCOMES[1][0], token: "--truth" },
    { ...OUTCOMES[1][1], token: "--ink" },
  ],
];
const DIFFERENT = { name: "Different classes", key: "tn", token: "--neither" };
const SAME = { name: "The same class", key: "tp", token: "--ink" };
const NOTHING = [0, 0, 0, 0]; // a pixel that is not counted shows the ground

/** @param {{onChange: () => void}} what */
export function createErrorMap({ onChange }) {
  const kinds = byId("map-kinds");
  const canvas = byId("region-map");
  kinds.addEventListener("change", onChange);
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", onChange);
  const isDifference = () => kinds.querySelector(":checked").value === "difference";

  return {
    canvas,
    /** The map, its name and its legend. @param {Pairs} pairs @param {string[]} classes @returns {ImageData} */
    image(pairs, classes) {
      const title = classes.length === 2 ? "Outcomes" : "Agreement";
      write(byId("map-classes"), title);
      write(byId("map-title"), isDifference() ? "Difference" : title);
      canvas.setAttribute("aria-label", `${isDifference() ? "Difference, test minus truth" : title}, pixel by pixel`);
      byId("map-legend").hidden = isDifference();
      byId("map-scale").hidden = !isDifference();
      if (isDifference()) return differenceImage(pairs);
      drawLegend(classes.length === 2 ? OUTCOME_KINDS.flat() : [SAME, DIFFERENT]);
      return classImage(pairs, classes.length === 2 ? OUTCOME_KINDS : null);
    },
  };
}

/** @param {Kind[]} kinds */
function drawLegend(kinds) {
  const legend = byId("map-legend");
  if (legend.textContent === kinds.map(({ name }) => name).join("")) return;
  legend.replaceChildren(
    ...kinds.map(({ name, key, words = "" }) => {
      const line = make("li", "", { class: key, title: words });
      line.append(make("span", "", { class: "swatch" }), name);
      return line;
    }),
  );
}

/** @param {Pairs} pairs @param {Kind[][] | null} outcomes by truth and test class; null only tells whether classes are the same */
function classImage(pairs, outcomes) {
  const colours = outcomes?.map((row) => row.map(({ token: name }) => [...token(name), 255]));
  const [same, different] = [SAME, DIFFERENT].map(({ token: name }) => [...token(name), 255]);
  const ofClasses = (row, column) => (row === column ? same : different);
  return painted(pairs, ({ row, column }) => (colours ? colours[row][column] : ofClasses(row, column)));
}

/** Blue where the truth is brighter, orange where the test is. @param {Pairs} pairs */
function differenceImage(pairs) {
  const [neutral, truth, test] = ["--surface", "--truth", "--test"].map(token);
  const ramp = Array.from({ length: 2 * MOST + 1 }, (_, index) => {
    const share = (index - MOST) / MOST;
    return [...between(neutral, share < 0 ? truth : test, Math.abs(share)), 255];
  });
  return painted(pairs, ({ truth: one, test: other }) => ramp[other - one + MOST]);
}

/** An image with a colour for each pair that is counted.
 * @param {Pairs} pairs @param {(pair: {truth: number, test: number, row: number, column: number}) => number[]} colourOf */
function painted(pairs, colourOf) {
  const { width, height } = pairs.rectangle;
  const image = new ImageData(width, height);
  for (let y = 0; y < height; y += 1) {
    for (let x = 0; x < width; x += 1) {
      const pair = pairAt(pairs, { x, y });
      image.data.set(pair.row === null ? NOTHING : colourOf(pair), 4 * (y * width + x));
    }
  }
  return image;
}
