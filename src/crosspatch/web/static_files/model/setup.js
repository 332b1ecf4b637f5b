// What is asked of the server, as one frozen value. In go defaults and links, out come requests in each of their forms.

/** @import {Place} from "./rectangles.js" */
/** @typedef {Readonly<{width: number, height: number, rectangle_width: number, rectangle_height: number, channel: string,
 *   labels: string, seed: number, truth: Place | null, test: Place | null}>} Setup
 *   places are null while the seed alone draws them */
/** @typedef {{image: string, name: string, setup: Partial<Setup>}} Link */

const NUMBERS = ["width", "height", "rectangle_width", "rectangle_height", "seed"];
const WORDS = ["channel", "labels"];
const PLACES = ["truth_x", "truth_y", "test_x", "test_y"];

/** A seed short enough to read aloud. */
export const drawSeed = () => crypto.getRandomValues(new Uint32Array(1))[0] % 1_000_000;

/** The setup that the server proposes for a picture, with a pair drawn by chance. @returns {Setup} */
export function proposed({ resize, rectangle, channel, labels }) {
  return Object.freeze({
    width: resize.width,
    height: resize.height,
    rectangle_width: rectangle.width,
    rectangle_height: rectangle.height,
    channel,
    labels,
    seed: drawSeed(),
    truth: null,
    test: null,
  });
}

/** @param {Setup} setup */
export const pictureSize = (setup) => ({ width: setup.width, height: setup.height });

/** @param {Setup} setup */
export const rectangleSize = (setup) => ({ width: setup.rectangle_width, height: setup.rectangle_height });

/** The JSON body of a comparison. @param {string} image the picture's id @param {Setup} setup */
export function toRequest(image, setup) {
  const places = setup.truth && setup.test ? { truth: setup.truth, test: setup.test } : {};
  const { channel, labels, seed } = setup;
  return { image, resize: pictureSize(setup), rectangle: rectangleSize(setup), ...places, seed, channel, labels };
}

/** The flat names and values of a comparison, as forms and queries take them. @param {Setup} setup
 * @returns {[string, string][]} */
export function toFlat(setup) {
  const flat = [...NUMBERS, ...WORDS].map((name) => [name, String(setup[name])]);
  if (!setup.truth || !setup.test) return flat;
  const { truth, test } = setup;
  return [...flat, ...PLACES.map((name, index) => [name, String([truth.x, truth.y, test.x, test.y][index])])];
}

/** The URL fragment that restores a comparison; a fragment never reaches a server or its log.
 * @param {string} image @param {string} name the file's name @param {Setup} setup */
export function toFragment(image, name, setup) {
  return String(new URLSearchParams([["image", image], ["name", name], ...toFlat(setup)]));
}

/** @param {string} fragment without or with its "#" @returns {Link | null} null when it names no picture */
export function fromFragment(fragment) {
  const found = new URLSearchParams(fragment.replace(/^#/, ""));
  const image = found.get("image") ?? "";
  if (!/^[0-9a-f]{64}$/.test(image)) return null;
  const whole = (name) => (/^\d{1,16}$/.test(found.get(name) ?? "") ? Number(found.get(name)) : undefined);
  const setup = {};
  for (const name of NUMBERS) if (whole(name) !== undefined) setup[name] = whole(name);
  for (const name of WORDS) if (found.has(name)) setup[name] = found.get(name);
  const [truthX, truthY, testX, testY] = PLACES.map(whole);
  if (![truthX, truthY, testX, testY].includes(undefined)) {
    setup.truth = { x: truthX, y: truthY };
    setup.test = { x: testX, y: testY };
  }
  return { image, name: found.get("name") ?? "", setup };
}
