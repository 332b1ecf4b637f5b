// Where the user has been. In go setups, out come earlier and later ones.

/** @import {Setup} from "./setup.js" */

export class History {
  #past = [];
  #future = [];
  /** @type {symbol | undefined} */ #gesture;

  /** @param {Setup} setup */
  constructor(setup) {
    this.current = setup;
  }

  /** Go on to a setup. Steps of one gesture (a drag, a row of key presses) are undone as one.
   * @param {Setup} setup @param {symbol} [gesture] */
  push(setup, gesture) {
    if (gesture === undefined || gesture !== this.#gesture) this.#past.push(this.current);
    this.#gesture = gesture;
    this.#future = [];
    this.current = setup;
  }

  /** Complete the current setup by what turned out later; it is no step of its own. @param {Setup} setup */
  complete(setup) {
    this.current = setup;
  }

  /** Forget the newest step, which turned out to be impossible. */
  drop() {
    if (this.canUndo) this.current = this.#past.pop();
    this.#gesture = undefined;
  }

  get canUndo() {
    return this.#past.length > 0;
  }

  get canRedo() {
    return this.#future.length > 0;
  }

  undo() {
    this.#swap(this.#past, this.#future);
  }

  redo() {
    this.#swap(this.#future, this.#past);
  }

  #swap(from, to) {
    if (from.length === 0) return;
    to.push(this.current);
    this.current = from.pop();
    this.#gesture = undefined;
  }
}
