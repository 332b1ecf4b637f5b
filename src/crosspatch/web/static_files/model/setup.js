// What is asked of the server, as one frozen value. In go defaults and links, out come requests in each of their forms.

/** @import {Place, Size} from "./rectangles.js" */
/** @typedef {Readonly<{image: string, test_image: string | null, whole: boolean, width: number, height: number,
 *   rectangle_width: number, rectangle_height: number, channel: string, labels: string | null, seed: number,
 *   ignore: readonly number[], class_names: readonly string[], truth: Place | null, test: Place | null}>} Setup
 *   places are null while the seed alone draws them; two pictures have one place, the truth's, none when compared whole;
 *   labels are null while the server is to choose them */
/** @typedef {{image: string, name: string, test_image: string | null, test_name: string, setup: Partial<Setup>,
 *   isDisjoint: boolean}} Link */

const NUMBERS = ["width", "height", "rectangle_width", "rectangle_height", "seed"];
const WORDS = ["channel", "labels"];
const PLACES = ["truth_x", "truth_y", "test_x", "test_y"];
const ID = /^[0-9a-f]{64}$/;

/** A seed short enough to read aloud. */
export const drawSeed = () => crypto.getRandomValues(new Uint32Array(1))[0] % 1_000_000;

/** The setup that the server proposes for a picture, with a pair drawn by chance. @returns {Setup} */
export function proposed({ id, defaults: { resize, rectangle, channel, labels } }) {
  return Object.freeze({
    image: id,
    test_image: null,
    whole: false,
    width: resize.width,
    height: resize.height,
    rectangle_width: rectangle.width,
    rectangle_height: rectangle.height,
    channel,
    labels,
    seed: drawSeed(),
    ignore: [],
    class_names: [],
    truth: null,
    test: null,
  });
}

/** The same for that picture as truth and another as test; how both are labelled, the server says.
 * @param {string | null} test_image null leaves it at one picture @returns {Setup} */
export function proposedWith(description, test_image) {
  const alone = proposed(description);
  return test_image === null ? alone : Object.freeze({ ...alone, test_image, whole: true, labels: null });
}

/** The ids of the pictures that are compared: of one, or of truth and test. @param {Setup} setup @returns {string[]} */
export const pictureIds = ({ image, test_image }) => (test_image === null ? [image] : [image, test_image]);

/** @param {Setup} setup @returns {Size} */
export const pictureSize = (setup) => ({ width: setup.width, height: setup.height });

/** The size of what is compared: of the rectangles, or of whole pictures. @param {Setup} setup @returns {Size} */
export const rectangleSize = (setup) => (setup.whole ? pictureSize(setup) : keptRectangle(setup));

/** The size of the rectangles, kept too while pictures are compared whole. @param {Setup} setup @returns {Size} */
export const keptRectangle = (setup) => ({ width: setup.rectangle_width, height: setup.rectangle_height });

/** The places that are asked for, by role; none while the seed draws them. @param {Setup} setup */
function placesAsked({ whole, test_image, truth, test }) {
  if (whole || !truth || !(test || test_image)) return {};
  return test_image === null ? { truth, test } : { truth };
}

/** The JSON body of a comparison. @param {Setup} setup */
export function toRequest(setup) {
  const { image, test_image, channel, labels, seed, ignore, class_names } = setup;
  return {
    image,
    ...(test_image === null ? {} : { test_image }),
    resize: pictureSize(setup),
    ...(setup.whole ? {} : { rectangle: rectangleSize(setup) }),
    ...placesAsked(setup),
    seed,
    channel,
    ...(labels === null ? {} : { labels }),
    ...(ignore.length > 0 ? { ignore } : {}),
    ...(class_names.length > 0 ? { class_names } : {}),
  };
}

/** The flat names and values of a comparison, as forms and queries take them, without its pictures. @param {Setup} setup
 * @returns {[string, string][]} */
export function toFlat(setup) {
  const numbers = setup.whole ? NUMBERS.filter((name) => !name.startsWith("rectangle_")) : NUMBERS;
  const words = WORDS.filter((name) => setup[name] !== null);
  const places = Object.entries(placesAsked(setup));
  return [
    ...[...numbers, ...words].map((name) => [name, String(setup[name])]),
    ...places.flatMap(([role, { x, y }]) => [[`${role}_x`, String(x)], [`${role}_y`, String(y)]]),
    ...setup.ignore.map((level) => ["ignore", String(level)]),
    ...setup.class_names.map((name) => ["class_names", name]),
  ];
}

/** The flat names and values with the ids of stored pictures. @param {Setup} setup @returns {[string, string][]} */
export function toQuery(setup) {
  const roles = ["image", "test_image"];
  return [...pictureIds(setup).map((id, index) => [roles[index], id]), ...toFlat(setup)];
}

/** The URL fragment that restores a comparison; a fragment never reaches a server or its log.
 * @param {Setup} setup @param {string} name the file's name @param {string | undefined} testName
 * @param {boolean} isDisjoint whether chance gives only pairs that do not overlap */
export function toFragment(setup, name, testName, isDisjoint) {
  const names = [["name", name], ...(setup.test_image === null ? [] : [["test_name", testName]])];
  return String(new URLSearchParams([...toQuery(setup), ...names, ...(isDisjoint ? [["disjoint", "1"]] : [])]));
}

/** @param {string} fragment without or with its "#" @returns {Link | null} null when it names no picture */
export function fromFragment(fragment) {
  const found = new URLSearchParams(fragment.replace(/^#/, ""));
  const [image, test_image] = ["image", "test_image"].map((name) => found.get(name) ?? "");
  if (!ID.test(image)) return null;
  const isPair = ID.test(test_image);
  const [name, test_name] = ["name", "test_name"].map((field) => found.get(field) ?? "");
  const setup = readSetup(found, isPair);
  return { image, name, test_image: isPair ? test_image : null, test_name, setup, isDisjoint: found.has("disjoint") };
}

/** @param {URLSearchParams} found @param {boolean} isPair @returns {Partial<Setup>} */
function readSetup(found, isPair) {
  const whole = (text) => (/^\d{1,16}$/.test(text ?? "") ? Number(text) : undefined);
  const setup = {};
  for (const name of NUMBERS) if (whole(found.get(name)) !== undefined) setup[name] = whole(found.get(name));
  for (const name of WORDS) if (found.has(name)) setup[name] = found.get(name);
  setup.ignore = found.getAll("ignore").map(whole).filter((level) => level !== undefined);
  setup.class_names = found.getAll("class_names");
  if (isPair) setup.whole = setup.rectangle_width === undefined;
  const [truthX, truthY, testX, testY] = PLACES.map((name) => whole(found.get(name)));
  const isPlaced = ![truthX, truthY].includes(undefined);
  const isTestPlaced = ![testX, testY].includes(undefined);
  if (isPlaced && isPair) setup.truth = { x: truthX, y: truthY };
  if (isPlaced && isTestPlaced && !isPair) {
    setup.truth = { x: truthX, y: truthY };
    setup.test = { x: testX, y: testY };
  }
  return setup;
}
