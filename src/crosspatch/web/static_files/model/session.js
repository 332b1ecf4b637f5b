// The pictures and all that is asked of them. In go what the user does, out come events that the views draw.
//
// Events: "picture" (a new one), "pictures" (others are compared, by a test picture brought or removed, or a step back),
// "setup" (what is asked changed), "report" (numbers came; detail.live while dragging), "intervals" (the report's metrics
// have them now), "problem" (detail.problem), "busy" (detail.seconds), "gone" (a picture must be brought again), "empty" (removed).

import * as api from "./api.js";
import { Comparer } from "./comparer.js";
import { History } from "./history.js";
import { Pictures } from "./pictures.js";
import { carriedOver, inside } from "./rectangles.js";
import { drawSeed, keptRectangle, pictureIds, pictureSize, proposed, proposedWith, rectangleSize, toRequest } from "./setup.js";
import { Surer } from "./surer.js";

/** @import {Picture, Wanted} from "./pictures.js" */
/** @import {Link, Setup} from "./setup.js" */
/** @import {Place, Role} from "./rectangles.js" */

const SETTLED_AFTER_MS = 250;
const FULL = { include: ["confusion", "metrics", "per_class", "curves", "histograms"] };
const CORNER = Object.freeze({ x: 0, y: 0 });

const isPair = ({ test_image }) => test_image !== null;
const samePictures = (one, other) => one.image === other.image && (one.test_image ?? null) === (other.test_image ?? null);
const sameRegions = (one, other) => samePictures(one, other) && one.whole === other.whole;
const cornerOf = ({ rectangles }, role) => ({ x: rectangles[role].x, y: rectangles[role].y });

/** Both places as far as the setup itself says them. @returns {Record<Role, Place> | null} */
function placesOf({ whole, test_image, truth, test }) {
  if (whole) return { truth: CORNER, test: CORNER };
  const other = test_image === null ? test : truth;
  return truth && other ? { truth, test: other } : null;
}

/** Both places when sizes change: the same relative place, inside the picture. */
function carriedInto(places, before, now, rectangle = rectangleSize(now)) {
  const [from, to] = [pictureSize(before), pictureSize(now)];
  const keep = (place) => place && inside(carriedOver(place, from, to), rectangle, to);
  return places && { truth: keep(places.truth), test: keep(places.test) };
}

export class Session extends EventTarget {
  pictures = new Pictures();
  /** @type {Record<Role, Place> | null} */ places = null;
  /** @type {object | null} */ report = null;
  /** @type {({link: Link} & Wanted) | null} the file that has to be brought again */ awaited = null;
  /** Whether chance gives only pairs that do not overlap. */ isDisjoint = false;
  /** What a drag asks for: set by the views that show it. */ liveRequest = () => ({});
  #history = null;
  #settling = 0;
  /** @type {Map<string, Setup>} how each picture was last compared by itself */ #alone = new Map();
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

  /** The picture that is compared; of two, the truth. @returns {Picture | null} */
  get picture() {
    return this.#history && this.pictures.get(this.setup.image);
  }

  /** @returns {Picture | null} null when one picture is compared with itself */
  get testPicture() {
    return this.#history && isPair(this.setup) ? this.pictures.get(this.setup.test_image) : null;
  }

  /** There is a picture, and no file is waited for. */
  get isOn() {
    return this.picture !== null && !pictureIds(this.setup).includes(this.awaited?.id);
  }

  /** The report is about what is shown, and how that is labelled is known. */
  get isAnswered() {
    if (this.report === null || this.places === null || this.setup.labels === null) return false;
    const { request } = this.report;
    return sameRegions({ ...request, whole: request.rectangle === undefined }, this.setup);
  }

  get canUndo() {
    return this.#history.canUndo;
  }

  get canRedo() {
    return this.#history.canRedo;
  }

  /** Send a picture and compare in it, or with the test picture that came with it. Raises Problem, or AbortError.
   * @param {File} file
   * @param {{testFile?: File, onProgress?: (share: number) => void, signal?: AbortSignal}} [options] */
  async open(file, { testFile, ...options } = {}) {
    const { awaited } = this;
    const turn = this.#nextTurn();
    this.#stop();
    try {
      const test = testFile ? await this.pictures.send(testFile, null, { signal: options.signal }) : null;
      const { id, description } = await this.pictures.send(file, awaited, options);
      if (turn !== this.#turn) return;
      if (awaited !== null) await this.#follow(awaited.link, turn, id);
      else this.#adopt(proposedWith(description, test && test.id));
    } catch (problem) {
      if (turn === this.#turn && this.isOn) this.compare();
      throw problem;
    }
  }

  /** Show the comparison of a link; asks for a file when the server no longer has the picture. @param {Link} link */
  async restore(link) {
    await this.#follow(link, this.#nextTurn());
  }

  /** Delete all pictures, here and on the server. */
  async remove() {
    const ids = pictureIds(this.setup);
    this.startAfresh();
    await this.pictures.remove(ids).catch((problem) => this.#tell("problem", { problem }));
  }

  /** Forget the pictures, and no longer wait for the file of a link. */
  startAfresh() {
    this.#nextTurn();
    this.#stop();
    this.pictures.keepOnly([]);
    this.report = this.places = this.awaited = this.#history = null;
    this.#tell("empty");
  }

  /** Send a test picture, and compare with it when it is as large as the truth. Raises Problem, or AbortError.
   * @param {File} file @param {{onProgress?: (share: number) => void, signal?: AbortSignal}} [options]
   * @returns {Promise<Picture | null>} the picture whose size differs: `compareWith` compares with it nevertheless */
  async bringTest(file, options) {
    const turn = this.#turn;
    const picture = await this.pictures.send(file, null, options);
    if (turn !== this.#turn) return null;
    const [truth, test] = [this.picture.description, picture.description];
    if (truth.width !== test.width || truth.height !== test.height) return picture;
    this.compareWith(picture);
    return null;
  }

  /** Compare with a test picture, both at the size at which the truth is shown at first. @param {Picture} picture */
  compareWith({ id }) {
    const { seed, ignore, channel } = this.setup;
    if (!isPair(this.setup)) this.#alone.set(this.setup.image, this.setup);
    this.awaited = null;
    const kept = { seed, ignore, ...(channel === "alpha" ? {} : { channel }) }; // the other may have no alpha
    this.change({ ...proposedWith(this.picture.description, id), ...kept });
  }

  /** Back to one picture, asked for as before; the test picture is deleted on the server. */
  async removeTest() {
    const { image, test_image } = this.setup;
    this.change(this.#alone.get(image) ?? proposed(this.picture.description));
    if (image === test_image) return;
    await this.pictures.remove([test_image]).catch((problem) => this.#tell("problem", { problem }));
  }

  /** Let chance give only pairs that do not overlap, or all. @param {boolean} isDisjoint */
  restrictChance(isDisjoint) {
    this.isDisjoint = isDisjoint;
    this.#tell("chance");
  }

  /** Compare whole pictures, or by one rectangle. @param {boolean} whole */
  compareWhole(whole) {
    const { width, height, rectangle_width, rectangle_height } = this.setup;
    // The picture may have become smaller than the rectangle while it was not asked for.
    const fits = { rectangle_width: Math.min(rectangle_width, width), rectangle_height: Math.min(rectangle_height, height) };
    this.change({ whole, ...fits });
  }

  /** Ask for something else. @param {Partial<Setup>} change */
  change(change) {
    const before = this.setup;
    this.#history.push(Object.freeze({ ...before, ...this.#kept(change), ...change }));
    this.#changed(before);
  }

  /** Move one rectangle, or the one in both pictures. `moving` is true while a drag goes on, moves of one `gesture` are
   * undone as one. @param {Role} role @param {Place} place @param {{moving?: boolean, gesture?: symbol}} [how] */
  move(role, place, { moving = false, gesture } = {}) {
    const target = inside(place, rectangleSize(this.setup), pictureSize(this.setup));
    if (!moving) this.#askSoon();
    if (target.x === this.places[role].x && target.y === this.places[role].y) return;
    const places = isPair(this.setup) ? { truth: target, test: target } : { ...this.places, [role]: target };
    const asked = isPair(this.setup) ? { truth: target } : places;
    this.#history.push(Object.freeze({ ...this.setup, ...asked }), gesture);
    this.places = places;
    this.#tell("setup");
    this.#ask(true);
  }

  newPair() {
    this.change({ seed: drawSeed(), truth: null, test: null });
  }

  swap() {
    const { image, test_image } = this.setup;
    this.change(isPair(this.setup) ? { image: test_image, test_image: image } : { truth: this.places.test, test: this.places.truth });
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

  /** Do what needs the pictures on the server; what has expired there is sent again from its kept file, and the task
   * retried once. @template T @param {() => Promise<T>} task @returns {Promise<T>} */
  async withPicture(task) {
    const ids = pictureIds(this.setup);
    try {
      await this.pictures.bringBack(ids);
      return await task();
    } catch (problem) {
      if (!problem.isGone || !(await this.pictures.sendAgain(ids))) throw problem;
      return task();
    }
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

  /** Find a link's pictures, but for the one that is known to be here, and show its comparison.
   * @param {Link} link @param {number} turn @param {string} [here] */
  async #follow(link, turn, here) {
    const { image, name, test_image, test_name, setup, isDisjoint } = link;
    for (const wanted of [{ id: image, name }, { id: test_image, name: test_name }]) {
      if (wanted.id === null || wanted.id === here) continue;
      try {
        await this.pictures.find(wanted);
      } catch (problem) {
        if (turn !== this.#turn) return;
        if (problem.isGone || problem.status === 404) this.#askFor({ link, ...wanted });
        else this.#tell("problem", { problem });
        return;
      }
    }
    if (turn !== this.#turn) return;
    this.isDisjoint = isDisjoint;
    this.#adopt({ ...proposedWith(this.pictures.get(image).description, test_image), ...setup });
  }

  /** @param {Setup} setup */
  #adopt(setup) {
    this.#stop();
    this.pictures.keepOnly(pictureIds(setup));
    this.#alone.clear();
    this.#history = new History(Object.freeze(setup));
    this.report = this.awaited = null;
    this.places = null;
    this.#tell("picture");
    this.#changed(this.setup);
  }

  /** @param {Setup} before */
  #changed(before) {
    const { setup } = this;
    const goesOn = sameRegions(before, setup);
    this.places = placesOf(setup) ?? (goesOn ? carriedInto(this.places, before, setup) : null);
    if (!goesOn) this.#stop(); // numbers about other regions must not arrive as the newest
    if (!samePictures(before, setup)) this.#tell("pictures");
    this.#tell("setup");
    this.compare();
  }

  /** Placed rectangles keep their relative place when sizes change, and stay inside. */
  #kept(change) {
    const next = { ...this.setup, ...change };
    if ("truth" in change || !next.truth) return {};
    return carriedInto(next, this.setup, next, keptRectangle(next));
  }

  #ask(live) {
    this.#surer.abort();
    this.#comparer.ask({ request: { ...toRequest(this.setup), ...(live ? this.liveRequest() : FULL) }, live });
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
    if (request.labels === undefined && this.setup.labels === null) {
      this.#history.complete(Object.freeze({ ...this.setup, labels: report.request.labels }));
      this.#tell("setup");
    }
    this.#tell("report", { live });
  }

  /** The same comparison with intervals: its values are those shown. */
  #madeSure({ metrics, per_class, notes }) {
    this.report = { ...this.report, metrics, per_class, notes };
    this.#tell("intervals");
  }

  #refused(problem, { request }) {
    if (problem.isGone) this.#askForMissing();
    else if (problem.isAboutTheRequest && this.report !== null) this.#stepBack();
    this.#tell("problem", { problem, request });
  }

  /** What was asked turned out to be impossible: go back to what the numbers are about. */
  #stepBack() {
    const before = this.setup;
    this.#history.drop();
    this.places = placesOf(this.setup) ?? this.#reportedPlaces();
    if (samePictures(before, this.setup)) return;
    this.#tell("pictures");
    this.#tell("setup");
  }

  /** Where the report has the rectangles; sizes may have changed since it was asked for. */
  #reportedPlaces() {
    const places = { truth: cornerOf(this.report, "truth"), test: cornerOf(this.report, "test") };
    return carriedInto(places, this.report.resized, this.setup);
  }

  /** Ask for the picture that is gone: one whose file is not kept. */
  async #askForMissing() {
    const turn = this.#turn;
    const { setup, picture, testPicture } = this;
    const [first, second] = [picture, testPicture].filter((each) => each !== null && each.file === null);
    const isThere = second && (await api.describeImage(first.id).then(() => true, () => false));
    if (turn !== this.#turn) return;
    const { id, name } = (isThere ? second : first) ?? picture;
    const names = { name: picture.name, test_name: testPicture?.name ?? "" };
    this.#askFor({ link: { image: setup.image, test_image: setup.test_image, ...names, setup }, id, name });
  }

  /** @param {{link: Link} & Wanted} awaited */
  #askFor(awaited) {
    this.awaited = awaited;
    this.#tell("gone");
  }

  #tell(name, detail) {
    this.dispatchEvent(new CustomEvent(name, { detail }));
  }
}
