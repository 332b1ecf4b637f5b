// One picture and all that is asked of it. In go what the user does, out come events that the views draw.
//
// Events: "picture" (a new one), "setup" (what is asked changed), "report" (numbers came; detail.live while dragging),
// "intervals" (the report's metrics have them now), "problem" (detail.problem), "busy" (detail.seconds), "gone" (the picture must be brought again), "empty" (removed).

import * as api from "./api.js";
import { Comparer } from "./comparer.js";
import { History } from "./history.js";
import { carriedOver, inside } from "./rectangles.js";
import { drawSeed, pictureSize, proposed, rectangleSize, toRequest } from "./setup.js";
import { Surer } from "./surer.js";

/** @import {Link, Setup} from "./setup.js" */
/** @import {Place, Role} from "./rectangles.js" */
/** @typedef {{id: string, name: string, file: File | null, url: string | null, description: object}} Picture */

const SETTLED_AFTER_MS = 250;
const FULL = { include: ["confusion", "metrics", "per_class", "curves", "histograms"] };

const placesOf = ({ truth, test }) => (truth && test ? { truth, test } : null);
const cornerOf = ({ rectangles }, role) => ({ x: rectangles[role].x, y: rectangles[role].y });

/** Both places when sizes change: the same relative place, inside the picture. */
function carriedInto(places, before, now) {
  const [from, to] = [pictureSize(before), pictureSize(now)];
  const keep = (place) => inside(carriedOver(place, from, to), rectangleSize(now), to);
  return places && { truth: keep(places.truth), test: keep(places.test) };
}

/** The picture's id, as the server makes it. Only on secure origins: elsewhere the server's answer decides. */
async function sha256(file) {
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", await file.arrayBuffer()));
  return Array.from(digest, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

const notTheSame = ({ name }) =>
  new api.Problem({
    kind: "another-picture",
    detail: `This is not the picture of the link. Choose the same file${name && `, ${name}`}, byte for byte.`,
  });

export class Session extends EventTarget {
  /** @type {Picture | null} */ picture = null;
  /** @type {Record<Role, Place> | null} */ places = null;
  /** @type {object | null} */ report = null;
  /** @type {Link | null} the link whose picture has to be brought again */ awaited = null;
  /** What a drag asks for: set by the views that show it. */ liveRequest = () => ({});
  #history = null;
  #settling = 0;
  /** Raised whenever another picture is asked for: an answer that finds it higher comes too late. */ #turn = 0;
  #comparer = new Comparer({
    send: (request, signal) => this.withPicture(() => api.compare(request, signal)),
    onReport: (report, ask) => this.#reported(report, ask),
    onProblem: (problem, ask) => this.#refused(problem, ask),
    onBusy: (seconds) => this.#tell("busy", { seconds }),
  });

  #surer = new Surer({
    send: (request, signal) => this.withPicture(() => api.compare(request, signal)),
    onIntervals: (report) => this.#madeSure(report),
  });

  /** @returns {Setup} */
  get setup() {
    return this.#history.current;
  }

  /** There is a picture, and its file is not waited for. */
  get isOn() {
    return this.picture !== null && this.picture.id !== this.awaited?.image;
  }

  get canUndo() {
    return this.#history.canUndo;
  }

  get canRedo() {
    return this.#history.canRedo;
  }

  /** Send a picture and compare in it. Raises Problem, or AbortError.
   * @param {File} file @param {{onProgress?: (share: number) => void, signal?: AbortSignal}} [options] */
  async open(file, options) {
    const link = this.awaited;
    const turn = this.#nextTurn();
    this.#stop();
    try {
      const description = await this.#send(file, link, options);
      if (turn === this.#turn) this.#adopt(description, file.name, file, link?.setup);
    } catch (problem) {
      if (turn === this.#turn && this.isOn) this.compare();
      throw problem;
    }
  }

  /** Show the comparison of a link; asks for its file when the server no longer has the picture. @param {Link} link */
  async restore(link) {
    const turn = this.#nextTurn();
    try {
      const file = this.picture?.id === link.image ? this.picture.file : null;
      const description = await api.describeImage(link.image);
      if (turn === this.#turn) this.#adopt(description, link.name, file, link.setup);
    } catch (problem) {
      if (turn !== this.#turn) return;
      if (problem.isGone || problem.status === 404) this.#askFor(link);
      else this.#tell("problem", { problem });
    }
  }

  /** Delete the picture, here and on the server. */
  async remove() {
    const { id } = this.picture;
    this.startAfresh();
    await api.removeImage(id).catch((problem) => {
      if (!problem.isGone) this.#tell("problem", { problem });
    });
  }

  /** Forget the picture, and no longer wait for the file of a link. */
  startAfresh() {
    this.#nextTurn();
    this.#stop();
    this.#forgetUrl();
    this.picture = this.report = this.places = this.awaited = null;
    this.#tell("empty");
  }

  /** Ask for something else. @param {Partial<Setup>} change */
  change(change) {
    const before = this.setup;
    this.#history.push(Object.freeze({ ...before, ...this.#kept(change), ...change }));
    this.#changed(before);
  }

  /** Move one rectangle. `moving` is true while a drag goes on, moves of one `gesture` are undone as one.
   * @param {Role} role @param {Place} place @param {{moving?: boolean, gesture?: symbol}} [how] */
  move(role, place, { moving = false, gesture } = {}) {
    const target = inside(place, rectangleSize(this.setup), pictureSize(this.setup));
    if (!moving) this.#askSoon();
    if (target.x === this.places[role].x && target.y === this.places[role].y) return;
    const places = { ...this.places, [role]: target };
    this.#history.push(Object.freeze({ ...this.setup, ...places }), gesture);
    this.places = places;
    this.#tell("setup");
    this.#ask(true);
  }

  newPair() {
    this.change({ seed: drawSeed(), truth: null, test: null });
  }

  swap() {
    this.change({ truth: this.places.test, test: this.places.truth });
  }

  undo() {
    const before = this.setup;
    this.#history.undo();
    this.#changed(before);
  }

  redo() {
    const before = this.setup;
    this.#history.redo();
    this.#changed(before);
  }

  /** Ask again for everything, as the Compare button does. */
  compare() {
    clearTimeout(this.#settling);
    this.#ask(false);
  }

  /** Do what needs the picture on the server; when it has expired there, send the kept file again and retry once.
   * @template T @param {() => Promise<T>} task @returns {Promise<T>} */
  async withPicture(task) {
    try {
      return await task();
    } catch (problem) {
      if (!problem.isGone || !this.picture?.file) throw problem;
      await api.uploadImage(this.picture.file);
      return task();
    }
  }

  /** Upload a file, which has to be the link's when there is one. */
  async #send(file, link, options) {
    if (link !== null && crypto.subtle) {
      const id = await sha256(file);
      options?.signal?.throwIfAborted();
      if (id !== link.image) throw notTheSame(link);
    }
    const description = await api.uploadImage(file, options);
    if (link === null || description.id === link.image) return description;
    api.removeImage(description.id).catch(() => {});
    throw notTheSame(link);
  }

  #nextTurn() {
    this.#turn += 1;
    return this.#turn;
  }

  /** Nothing more comes of what was asked. */
  #stop() {
    this.#comparer.abort();
    this.#surer.abort();
    clearTimeout(this.#settling);
  }

  #adopt(description, name, file, setup = {}) {
    this.#stop();
    this.#forgetUrl();
    this.picture = { id: description.id, name, file, url: file && URL.createObjectURL(file), description };
    this.#history = new History(Object.freeze({ ...proposed(description.defaults), ...setup }));
    this.report = this.awaited = null;
    this.places = null;
    this.#tell("picture");
    this.#changed(this.setup);
  }

  /** @param {Setup} before */
  #changed(before) {
    this.places = placesOf(this.setup) ?? carriedInto(this.places, before, this.setup);
    this.#tell("setup");
    this.compare();
  }

  /** Placed rectangles keep their relative place when sizes change, and stay inside. */
  #kept(change) {
    const next = { ...this.setup, ...change };
    return "truth" in change ? {} : carriedInto(placesOf(next), this.setup, next);
  }

  #ask(live) {
    this.#surer.abort();
    const request = toRequest(this.picture.id, this.setup);
    this.#comparer.ask({ request: { ...request, ...(live ? this.liveRequest() : FULL) }, live });
  }

  #askSoon() {
    clearTimeout(this.#settling);
    this.#settling = setTimeout(() => this.#ask(false), SETTLED_AFTER_MS);
  }

  #reported(report, { live, request }) {
    this.report = report;
    if (!live) this.#surer.ask({ ...request, include: ["metrics", "per_class"] });
    // While a hand moves on, its own place is newer than the report's.
    this.places = placesOf(this.setup) ?? this.#reportedPlaces();
    this.#tell("report", { live });
  }

  /** The same comparison with intervals: its values are those shown. */
  #madeSure({ metrics, per_class }) {
    this.report = { ...this.report, metrics, per_class };
    this.#tell("intervals");
  }

  #refused(problem, { request }) {
    if (problem.isGone) this.#askFor({ image: this.picture.id, name: this.picture.name, setup: this.setup });
    else if (problem.isAboutTheRequest && this.report !== null) this.#stepBack();
    this.#tell("problem", { problem, request });
  }

  /** What was asked turned out to be impossible: go back to what the numbers are about. */
  #stepBack() {
    this.#history.drop();
    this.places = placesOf(this.setup) ?? this.#reportedPlaces();
  }

  /** Where the report has the rectangles; sizes may have changed since it was asked for. */
  #reportedPlaces() {
    const places = { truth: cornerOf(this.report, "truth"), test: cornerOf(this.report, "test") };
    return carriedInto(places, this.report.resized, this.setup);
  }

  #askFor(link) {
    this.awaited = link;
    this.#tell("gone");
  }

  #forgetUrl() {
    if (this.picture?.url) URL.revokeObjectURL(this.picture.url);
  }

  #tell(name, detail) {
    this.dispatchEvent(new CustomEvent(name, { detail }));
  }
}
