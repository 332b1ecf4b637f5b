// The settings. In goes a setup, out come changes to it, checked and told in words before anything is sent.

import { byId, markInvalid, write, writeProblem } from "./dom.js";
import { labelling, sentence, size } from "../model/format.js";
import { pictureSize, rectangleSize } from "../model/setup.js";

/** @import {Setup} from "../model/setup.js" */

const NUMBERS = ["width", "height", "rectangle_width", "rectangle_height", "seed"];
const FIELDS = [...NUMBERS, "channel", "labels"];
const LARGEST_SEED = Number.MAX_SAFE_INTEGER;

/** @param {{onChange: (change: Partial<Setup>) => void, onCompare: () => void}} what */
export function createSettings({ onChange, onCompare }) {
  const form = byId("settings");
  let setup = null;
  let aspect = 1;

  function submit(again) {
    const { change, problems } = read(form, setup);
    showProblems(form, problems);
    if (problems.size > 0) return;
    if (Object.keys(change).length > 0) onChange(change);
    else if (again) onCompare();
  }

  form.addEventListener("change", ({ target }) => {
    if (["width", "height", "lock"].includes(target.name)) keepAspect(form, target.name, aspect);
    if (target.name === "labelling") showLabelFields(form);
    submit(false);
  });
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    submit(true);
    form.querySelector("[aria-invalid]")?.focus();
  });

  return {
    /** @param {{width: number, height: number, notes: {code: string}[]}} original a new picture, whose aspect the lock keeps */
    begin(original) {
      aspect = original.width / original.height;
      setup = null;
      offerAlpha(form, original.notes.some(({ code }) => code === "flattened"));
    },
    /** @param {Setup} newest */
    show(newest) {
      const moved = setup !== null && FIELDS.every((name) => setup[name] === newest[name]);
      setup = newest;
      write(byId("settings-gist"), gist(setup));
      if (moved) return; // a moved rectangle must not wipe what is being typed
      fill(form, setup);
      showProblems(form, new Map());
    },
    /** Words of the server, beside the fields they are about. True when every one found its field.
     * @param {{field: string, detail: string}[]} errors @param {Setup} current what the numbers are about */
    refuse(errors, current) {
      setup = current;
      write(byId("settings-gist"), gist(setup));
      const problems = new Map(errors.map(({ field, detail }) => [field.replaceAll(".", "_"), sentence(detail)]));
      const known = [...problems.keys()].every((name) => byId(`problem-${nameOf(name)}`));
      showProblems(form, new Map([...problems].map(([name, words]) => [nameOf(name), words])));
      if (known && problems.size > 0) byId("settings-part").open = true;
      return known && problems.size > 0;
    },
  };
}

/** The server speaks of `resize.width`; the field is called `width`. */
const nameOf = (field) => field.replace(/^resize_/, "");

function gist(setup) {
  const rule = labelling(setup.labels);
  const channel = setup.channel === "luminance" ? "" : `${setup.channel}, `;
  return `${size(pictureSize(setup))}, ${size(rectangleSize(setup))}, ${channel}${rule}, seed ${setup.seed}`;
}

/** An opaque picture has no alpha channel: the server would refuse it. */
function offerAlpha(form, isThere) {
  const alpha = form.elements.channel.querySelector('[value="alpha"]');
  alpha.disabled = !isThere;
  write(alpha, isThere ? "Alpha" : "Alpha (none here)");
}

function fill(form, setup) {
  for (const name of NUMBERS) form.elements[name].value = setup[name];
  form.elements.channel.value = setup.channel;
  const [method, numbers = ""] = setup.labels.split(":");
  const [truth, test = ""] = numbers.split(",");
  form.elements.labelling.value = method;
  if (method === "threshold") [form.elements.threshold.value, form.elements.test_threshold.value] = [truth, test];
  if (method === "levels") form.elements.levels.value = truth;
  showLabelFields(form);
}

function showLabelFields(form) {
  for (const field of form.querySelectorAll("[data-for]")) field.hidden = field.dataset.for !== form.elements.labelling.value;
}

function keepAspect(form, changed, aspect) {
  const { width, height, lock } = form.elements;
  if (!lock.checked) return;
  const [from, to, factor] = changed === "height" ? [height, width, aspect] : [width, height, 1 / aspect];
  if (from.validity.valid) to.value = Math.max(1, Math.round(from.valueAsNumber * factor));
}

/** What the form asks for that differs from the setup, and what is wrong with it by field. */
function read(form, setup) {
  const problems = new Map();
  const whole = (name, low, high) => readWhole(form.elements[name], low, high, problems);
  const width = whole("width", 1, Infinity);
  const height = whole("height", 1, Infinity);
  const wanted = {
    width,
    height,
    rectangle_width: whole("rectangle_width", 1, Infinity),
    rectangle_height: whole("rectangle_height", 1, Infinity),
    seed: whole("seed", 0, LARGEST_SEED),
    channel: form.elements.channel.value,
    labels: readLabels(form, whole),
  };
  checkFits("rectangle_width", "wider", wanted.rectangle_width, width, problems);
  checkFits("rectangle_height", "taller", wanted.rectangle_height, height, problems);
  const change = Object.fromEntries(Object.entries(wanted).filter(([name, value]) => value !== setup[name]));
  if ("seed" in change) Object.assign(change, { truth: null, test: null });
  return { change, problems };
}

function readWhole(field, low, high, problems) {
  const value = field.valueAsNumber;
  if (Number.isInteger(value) && value >= low && value <= high) return value;
  const upTo = high === Infinity ? `, ${low} or more` : ` from ${low} to ${high}`;
  problems.set(field.name, `Give a whole number${upTo}.`);
  return null;
}

function checkFits(name, word, side, limit, problems) {
  if (side === null || limit === null || side <= limit) return;
  problems.set(name, `The rectangle is ${word} than the resized picture: give at most ${limit}.`);
}

function readLabels(form, whole) {
  const method = form.elements.labelling.value;
  if (method === "levels") return `levels:${whole("levels", 2, 256)}`;
  if (method !== "threshold") return method;
  const truth = whole("threshold", 1, 255);
  const other = form.elements.test_threshold;
  if (other.value === "" && !other.validity.badInput) return `threshold:${truth}`;
  return `threshold:${truth},${whole("test_threshold", 1, 255)}`;
}

/** @param {HTMLFormElement} form @param {Map<string, string>} problems words by field */
function showProblems(form, problems) {
  for (const place of form.querySelectorAll(".problem")) {
    const words = problems.get(place.id.replace("problem-", "")) ?? "";
    writeProblem(place, words);
    const field = form.querySelector(`[aria-describedby="${place.id}"]`);
    markInvalid(field, words !== "");
  }
}
