// One picture and all that is asked of it. In go what the user does, out come events that the views draw.
//
// Events: "picture" (a new one), "setup" (what is asked changed), "report" (numbers came; detail.live while dragging),
// "problem" (detail.problem), "busy" (detail.seconds), "gone" (the picture must be brought again), "empty" (removed).

import * as api from "./api.js";
import { Comparer } from "./comparer.js";
import { History } from "./history.js";
import { carriedOver, inside } from "./rectangles.js";
import { drawSeed, pictureSize, proposed, rectangleSize, toRequest } from "./setup.js";

/** @import {Link, Setup} from "./setup.js" */
/** @import {Place, Role} from "./rectangles.js" */
/** @typedef {{id: string, name: string, file: File | null, url: string | null, description: object}} Picture */

const SETTLED_AFTER_MS = 250;
const FULL = { include: ["confusion", "metrics", "per_class"] };

const placesOf = ({ truth, test }) => (truth && test ? { truth, test } : null);
const cornerOf = ({ rectangles }, role) => ({ x: rectangles[role].x, y: rectangles[role].y });

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
  #comparer = new Comparer({
    send: (request, signal) => this.withPicture(() => api.compare(request, signal)),
    onReport: (report, ask) => this.#reported(report, ask),
    onProblem: (problem, ask) => this.#refused(problem, ask),
    onBusy: (seconds) => this.#tell("busy", { seconds }),
  });

  /** @returns {Setup} */
  get setup() {
    return this.#history.current;
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
    if (link !== null && crypto.subtle && (await sha256(file)) !== link.image) throw notTheSame(link);
    const description = await api.uploadImage(file, options);
    if (link !== null && description.id !== link.image) {
      api.removeImage(description.id).catch(() => {});
      throw notTheSame(link);
    }
    this.#adopt(description, file.name, file, link?.setup);
  }

  /** Show the comparison of a link; asks for its file when the server no longer has the picture. @param {Link} link */
  async restore(link) {
    try {
      const file = this.picture?.id === link.image ? this.picture.file : null;
      this.#adopt(await api.describeImage(link.image), link.name, file, link.setup);
    } catch (problem) {
      if (problem.isGone || problem.status === 404) this.#askFor(link);
      else this.#tell("problem", { problem });
    }
  }

  /** Delete the picture, here and on the server. */
  async remove() {
    const { id } = this.picture;
    this.#comparer.abort();
    this.#forgetUrl();
    this.picture = this.report = this.places = this.awaited = null;
    this.#tell("empty");
    await api.removeImage(id).catch((problem) => {
      if (!problem.isGone) this.#tell("problem", { problem });
    });
  }

  /** No longer wait for the file of a link. */
  startAfresh() {
    this.awaited = null;
    this.#tell("empty");
  }

  /** Ask for something else. @param {Partial<Setup>} change */
  change(change) {
    this.#history.push(Object.freeze({ ...this.setup, ...this.#kept(change), ...change }));
    this.#changed();
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
    this.#history.undo();
    this.#changed();
  }

  redo() {
    this.#history.redo();
    this.#changed();
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

  #adopt(description, name, file, setup = {}) {
    this.#comparer.abort();
    clearTimeout(this.#settling);
    this.#forgetUrl();
    this.picture = { id: description.id, name, file, url: file && URL.createObjectURL(file), description };
    this.#history = new History(Object.freeze({ ...proposed(description.defaults), ...setup }));
    this.report = this.awaited = null;
    this.places = placesOf(this.setup);
    this.#tell("picture");
    this.#changed();
  }

  #changed() {
    this.places = placesOf(this.setup) ?? this.places;
    this.#tell("setup");
    this.compare();
  }

  /** Placed rectangles keep their relative place when sizes change, and stay inside. */
  #kept(change) {
    const next = { ...this.setup, ...change };
    if (!next.truth || !next.test || "truth" in change) return {};
    const keep = (place) =>
      inside(carriedOver(place, pictureSize(this.setup), pictureSize(next)), rectangleSize(next), pictureSize(next));
    return { truth: keep(next.truth), test: keep(next.test) };
  }

  #ask(live) {
    const request = toRequest(this.picture.id, this.setup);
    this.#comparer.ask({ request: { ...request, ...(live ? this.liveRequest() : FULL) }, live });
  }

  #askSoon() {
    clearTimeout(this.#settling);
    this.#settling = setTimeout(() => this.#ask(false), SETTLED_AFTER_MS);
  }

  #reported(report, { live }) {
    this.report = report;
    // While a hand moves on, its own place is newer than the report's.
    if (placesOf(this.setup) === null) this.places = { truth: cornerOf(report, "truth"), test: cornerOf(report, "test") };
    this.#tell("report", { live });
  }

  #refused(problem, { request }) {
    if (problem.isGone) this.#askFor({ image: this.picture.id, name: this.picture.name, setup: this.setup });
    else if (problem.isAboutTheRequest && this.report !== null) this.#stepBack();
    this.#tell("problem", { problem, request });
  }

  /** What was asked turned out to be impossible: go back to what the numbers are about. */
  #stepBack() {
    this.#history.drop();
    this.places = placesOf(this.setup) ?? this.places;
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
