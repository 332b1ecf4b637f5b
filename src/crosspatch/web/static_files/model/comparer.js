// One comparison at a time. In go requests as fast as a hand moves, out come reports, the newest always among them.

/** @import {Problem} from "./api.js" */
/** @typedef {{request: object, live: boolean}} Ask `live` asks only for what a drag shows */

export class Comparer {
  #inFlight = null;
  #waiting = null;
  #retry = 0;

  /** @param {{send: (request: object, signal: AbortSignal) => Promise<object>, onReport: (report: object, ask: Ask) => void,
   *   onProblem: (problem: Problem, ask: Ask) => void, onBusy: (seconds: number) => void}} what */
  constructor({ send, onReport, onProblem, onBusy }) {
    Object.assign(this, { send, onReport, onProblem, onBusy });
  }

  /** Ask for a comparison; it replaces any that still waits. @param {Ask} ask */
  ask(ask) {
    this.#waiting = ask;
    if (this.#inFlight === null && this.#retry === 0) this.#next();
  }

  /** Forget everything asked: the picture has changed. */
  abort() {
    this.#inFlight?.abort();
    clearTimeout(this.#retry);
    this.#inFlight = this.#waiting = null;
    this.#retry = 0;
  }

  async #next() {
    const ask = this.#waiting;
    const flight = new AbortController();
    this.#waiting = null;
    this.#inFlight = flight;
    try {
      const report = await this.send(ask.request, flight.signal);
      if (this.#inFlight === flight) this.onReport(report, ask);
    } catch (problem) {
      if (this.#inFlight === flight) this.#failed(problem, ask);
    } finally {
      if (this.#inFlight === flight) this.#landed();
    }
  }

  #landed() {
    this.#inFlight = null;
    if (this.#waiting !== null && this.#retry === 0) this.#next();
  }

  #failed(problem, ask) {
    if (!problem.isBusy) {
      this.onProblem(problem, ask);
      return;
    }
    this.#waiting ??= ask;
    this.#retry = setTimeout(() => {
      this.#retry = 0;
      if (this.#inFlight === null) this.#next();
    }, problem.retryAfter_s * 1000);
    this.onBusy(problem.retryAfter_s);
  }
}
