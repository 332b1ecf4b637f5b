// The settings. In goes a setup, out come changes to it, checked and told in words before anything is sent.

import { classesOf, readLevels, readNames, writeLevels, writeNames } from "./lists.js";
import { byId, markInvalid, write, writeProblem } from "./dom.js";
import { labelling, sentence, size } from "../model/format.js";
import { pictureSize, rectangleSize } from "../model/setup.js";

/** @import {Setup} from "../model/setup.js" */

const NUMBERS = ["width", "height", "rectangle_width", "rectangle_height", "seed"];
const FIELDS = [...NUMBERS, "whole", "channel", "labels", "ignore", "class_names"];
const CLASSES_DEPEND_ON = ["width", "height", "channel", "labels", "ignore"];
const NO_NAMES = Object.freeze({ names: [], classes: 0 });
const LARGEST_SEED = Number.MAX_SAFE_INTEGER;

/** @param {{onChange: (change: Partial<Setup>) => void, onCompare: () => void}} what */
export function createSettings({ onChange, onCompare }) {
  const form = byId("settings");
  let setup = null;
  let aspect = 1;
  /** How many classes the numbers are about. */ let classes = 0;
  /** Names that are not as many as the classes: not asked for, but not wiped either. */ let unused = NO_NAMES;

  function submit(again) {
    const { change, problems } = read(form, setup);
    if (problems.size === 0) unused = leaveOutNames(change, setup, classes);
    showProblems(form, new Map([...problems, ...aboutUnused(unused)]));
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
    /** @param {{width: number, height: number, notes: {code: string}[]}[]} originals new pictures; the lock keeps the first's aspect */
    begin(originals) {
      aspect = originals[0].width / originals[0].height;
      setup = null;
      unused = NO_NAMES;
      offerAlpha(form, originals.every(({ notes }) => notes.some(({ code }) => code === "flattened")));
    },
    /** @param {Setup} newest */
    show(newest) {
      const moved = setup !== null && FIELDS.every((name) => setup[name] === newest[name]);
      setup = newest;
      write(byId("settings-gist"), gist(setup));
      if (moved) return; // a moved rectangle must not wipe what is being typed
      fill(form, { ...setup, class_names: setup.class_names.length > 0 ? setup.class_names : unused.names });
      showProblems(form, aboutUnused(unused));
    },
    /** @param {{labels: {classes: string[]}}} report */
    count(report) {
      classes = report.labels.classes.length;
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
  const { whole, channel, labels, ignore, seed } = setup;
  const parts = [
    size(pictureSize(setup)),
    whole ? "whole" : size(rectangleSize(setup)),
    channel === "luminance" ? "" : channel,
    labels === null ? "" : labelling(labels),
    ignore.length > 0 ? `without ${writeLevels(ignore)}` : "",
    whole ? "" : `seed ${seed}`,
  ];
  return parts.filter(Boolean).join(", ");
}

/** An opaque picture has no alpha channel: the server would refuse it. */
function offerAlpha(form, isThere) {
  const alpha = form.elements.channel.querySelector('[value="alpha"]');
  alpha.disabled = !isThere;
  write(alpha, isThere ? "Alpha" : "Alpha (none here)");
}

function fill(form, setup) {
  for (const name of NUMBERS) form.elements[name].value = setup[name];
  byId("rectangle-settings").hidden = setup.whole;
  form.elements.channel.value = setup.channel;
  form.elements.ignore.value = writeLevels(setup.ignore);
  form.elements.class_names.value = writeNames(setup.class_names);
  const [method, numbers = ""] = (setup.labels ?? "").split(":");
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
    ignore: readIgnored(form.elements.ignore, problems),
    class_names: readNames(form.elements.class_names.value),
  };
  if (!setup.whole) {
    checkFits("rectangle_width", "wider", wanted.rectangle_width, width, problems);
    checkFits("rectangle_height", "taller", wanted.rectangle_height, height, problems);
  }
  const change = Object.fromEntries(Object.entries(wanted).filter(([name, value]) => !isSame(value, setup[name])));
  if ("seed" in change) Object.assign(change, { truth: null, test: null });
  return { change, problems };
}

/** Names are asked for only when there are as many as classes; how many the pictures make, the server says.
 * @returns {{names: string[], classes: number}} those that were taken out of the change */
function leaveOutNames(change, setup, classesNow) {
  const next = { ...setup, ...change };
  const names = next.class_names;
  const isKnown = !CLASSES_DEPEND_ON.some((name) => name in change);
  const classes = classesOf(next.labels) ?? (isKnown ? classesNow : names.length);
  if (names.length === 0 || names.length === classes) return NO_NAMES;
  if (setup.class_names.length > 0) change.class_names = [];
  else delete change.class_names;
  return { names, classes };
}

/** @param {{names: string[], classes: number}} unused @returns {Map<string, string>} words beside the field */
function aboutUnused({ names, classes }) {
  if (names.length === 0) return new Map();
  const words = `${names.length} ${names.length === 1 ? "name" : "names"} for ${classes} ${classes === 1 ? "class" : "classes"}`;
  return new Map([["class_names", `${words}: give one for each. Until then they are not used.`]]);
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

const isSame = (one, other) => JSON.stringify(one) === JSON.stringify(other);

function readIgnored(field, problems) {
  const levels = readLevels(field.value);
  if (levels === null) problems.set("ignore", "Give grey levels from 0 to 255, with commas between.");
  return levels;
}

function readLabels(form, whole) {
  const method = form.elements.labelling.value;
  if (method === "") return null;
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
