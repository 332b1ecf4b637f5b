// What chance gives, fetched after the answer. In go the comparisons that are shown, out come the levels as they grow.
//
// The levels are those of a population of random pairs: wherever the rectangles lie in it, nothing is asked again. A
// request waits until nothing has moved for a while, and ends when its population is no longer wanted or nobody looks.

/** @import {Problem} from "./api.js" */
/** @typedef {{key: string, pairs: number, undefined: number, mean: number | null, standard_deviation: number | null,
 *   quantiles: Record<string, number> | null, percentiles: number[] | null,
 *   histogram: {low: number, high: number, counts: number[]} | null, observed: number | null, percentile: number | null,
 *   p_value: number | null, by_overlap: Record<"low" | "median" | "high", (number | null)[]> | null}} Row of one metric */
/** @typedef {{done: number, pairs: number, isDisjoint: boolean, isOfTwo: boolean, rows: Map<string, Row>,
 *   answer: object | null}} Levels `answer` is the whole one, null while they grow */

export const PAIRS = 10_000;
const CALM_MS = 600;

/** What the random pairs are drawn from: all that is asked but where the rectangles lie. Of two pictures only the test is
 * shifted, so that there the truth's place matters too. @param {object} request */
function populationOf({ truth, test, seed, ...rest }) {
  return JSON.stringify({ ...rest, ...(rest.test_image === undefined ? {} : { truth }) });
}

export class Chance {
  /** @type {Levels | null} */ levels = null;
  /** @type {Problem | null} why there are none, or not all */ problem = null;
  /** How long the server, which is busy, lets us wait. */ busy_s = 0;
  #request = null;
  #population = "";
  #isSeen = true;
  #wait = 0;
  #flight = null;

  /** @param {{send: (request: object, signal: AbortSignal, onLine: (line: object) => void) => Promise<void>,
   *   onChange: () => void, wantsDisjoint: () => boolean}} what */
  constructor({ send, onChange, wantsDisjoint }) {
    Object.assign(this, { send, onChange, wantsDisjoint });
  }

  /** Whether only pairs that do not overlap are drawn. */
  get isDisjoint() {
    return this.wantsDisjoint();
  }

  /** A comparison is shown, and nothing moves. @param {object} request */
  ask(request) {
    this.expect(request);
    this.#startIfWanted();
  }

  /** A comparison is asked for. @param {object} request */
  expect(request) {
    if (this.busy_s === 0) clearTimeout(this.#wait); // a server that is busy is asked again, whatever moves meanwhile
    this.#request = request;
    const population = request === null ? "" : populationOf(this.#asked());
    if (population === this.#population) return;
    this.#population = population;
    this.#forget();
  }

  /** Nothing is compared. */
  stop() {
    this.#request = null;
    this.#population = "";
    this.#forget();
  }

  /** Other pairs are wanted: only such as do not overlap, or all. */
  restrict() {
    this.expect(this.#request);
    this.#startIfWanted(0);
  }

  again() {
    this.problem = null;
    this.#startIfWanted(0);
    this.onChange();
  }

  /** Nobody computes for a page that is not seen; when it is, an unfinished request begins anew. @param {boolean} isSeen */
  see(isSeen) {
    this.#isSeen = isSeen;
    if (isSeen) this.#startIfWanted();
    else this.#abort();
  }

  /** Rectangles of two pictures do not overlap. */
  #asked() {
    return { ...this.#request, pairs: PAIRS, disjoint: this.isDisjoint && this.#request.test_image === undefined };
  }

  #forget() {
    this.#abort();
    this.levels = this.problem = null;
    this.onChange();
  }

  #abort() {
    clearTimeout(this.#wait);
    this.#flight?.abort();
    this.#flight = null;
    this.busy_s = 0;
  }

  #startIfWanted(wait_ms = CALM_MS) {
    clearTimeout(this.#wait);
    const isDone = this.levels?.answer || this.problem !== null || this.#flight !== null;
    if (this.#request !== null && this.#isSeen && !isDone) this.#wait = setTimeout(() => this.#fetch(), wait_ms);
  }

  async #fetch() {
    const flight = (this.#flight = new AbortController());
    const request = this.#asked();
    const rows = new Map();
    this.busy_s = 0;
    try {
      await this.send(request, flight.signal, (line) => flight === this.#flight && this.#grown(line, rows, request));
      if (flight === this.#flight) this.#flight = null;
    } catch (problem) {
      if (flight === this.#flight) this.#failed(problem);
    }
  }

  #grown(line, rows, { test_image, disjoint }) {
    for (const row of line.metrics) rows.set(row.key, row);
    const answer = line.chance ? line : null;
    this.levels = { done: line.done, pairs: line.pairs, isDisjoint: disjoint, isOfTwo: test_image !== undefined, rows, answer };
    this.onChange();
  }

  /** @param {Problem} problem a server that is busy is asked again */
  #failed(problem) {
    this.#flight = null;
    if (problem.isBusy) {
      this.busy_s = problem.retryAfter_s;
      this.#startIfWanted(1000 * this.busy_s);
    } else this.problem = problem;
    this.onChange();
  }
}
