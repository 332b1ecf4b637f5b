// The grey levels that are compared. In go a picture and a setup, out come its bytes, fetched once and kept.

import { fetchLevels } from "./api.js";

/** @import {Session} from "./session.js" */

export class Levels {
  #key = "";
  /** @type {Uint8Array | null} */ #kept = null;
  #session;

  /** @param {Session} session */
  constructor(session) {
    this.#session = session;
  }

  /** The levels of the session's setup when they are already here. @returns {Uint8Array | null} */
  get now() {
    return this.#key === this.#currentKey ? this.#kept : null;
  }

  /** Fetch them unless they are here. Null when the setup has changed meanwhile. @returns {Promise<Uint8Array | null>} */
  async fetch() {
    const { picture, setup } = this.#session;
    const key = this.#currentKey;
    if (this.#key === key) return this.#kept;
    this.#key = key;
    this.#kept = null;
    try {
      const levels = await this.#session.withPicture(() => fetchLevels(picture.id, setup));
      if (this.#key === key) this.#kept = levels;
      return this.now;
    } catch (problem) {
      if (this.#key === key) this.#key = "";
      throw problem;
    }
  }

  get #currentKey() {
    const { picture, setup } = this.#session;
    // The labelling matters only in whether the values are kept or blended.
    const { width, height, channel, labels } = setup;
    return [picture?.id, width, height, channel, labels === "values"].join();
  }
}
