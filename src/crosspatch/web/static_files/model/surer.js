// Intervals, fetched after the answer. In goes what was asked, out come the same metrics with their intervals.
//
// They cost the server more than the answer does: they wait until nothing has been asked for a while, and whatever is
// asked next ends them.

/** @import {Problem} from "./api.js" */

const CALM_MS = 600;

export class Surer {
  #wait = 0;
  #flight = null;

  /** @param {{send: (request: object, signal: AbortSignal) => Promise<object>, onIntervals: (report: object) => void}} what */
  constructor({ send, onIntervals }) {
    Object.assign(this, { send, onIntervals });
  }

  /** Ask for the intervals of what was just answered. @param {object} request */
  ask(request, wait_ms = CALM_MS) {
    this.abort();
    this.#wait = setTimeout(() => this.#fetch({ ...request, intervals: "bootstrap" }), wait_ms);
  }

  abort() {
    clearTimeout(this.#wait);
    this.#flight?.abort();
    this.#flight = null;
  }

  async #fetch(request) {
    const flight = (this.#flight = new AbortController());
    try {
      const report = await this.send(request, flight.signal);
      if (flight === this.#flight) this.onIntervals(report);
    } catch (problem) {
      // The numbers stand without them; a server that is busy is asked again.
      if (flight === this.#flight && problem.isBusy) this.ask(request, problem.retryAfter_s * 1000);
    }
  }
}
