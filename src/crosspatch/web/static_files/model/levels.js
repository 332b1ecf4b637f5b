// The grey levels that are compared. In go pictures and a setup, out come their bytes, fetched once and kept.

import { fetchLevels } from "./api.js";

/** @import {Role} from "./rectangles.js" */
/** @import {Session} from "./session.js" */
/** @typedef {Record<Role, Uint8Array>} LevelsByRole of one picture both are the same */

export class Levels {
  #key = "";
  /** @type {LevelsByRole | null} */ #kept = null;
  #session;

  /** @param {Session} session */
  constructor(session) {
    this.#session = session;
  }

  /** The levels of the session's setup when they are already here. @returns {LevelsByRole | null} */
  get now() {
    return this.#key === this.#currentKey ? this.#kept : null;
  }

  /** Fetch them unless they are here. Null when the setup has changed meanwhile. @returns {Promise<LevelsByRole | null>} */
  async fetch() {
    const { setup } = this.#session;
    const key = this.#currentKey;
    if (this.#key === key) return this.#kept;
    this.#key = key;
    this.#kept = null;
    try {
      const levels = await this.#session.withPicture(() => fetchByRole(setup));
      if (this.#key === key) this.#kept = levels;
      return this.now;
    } catch (problem) {
      if (this.#key === key) this.#key = "";
      throw problem;
    }
  }

  get #currentKey() {
    // The labelling matters only in whether the values are kept or blended.
    const { image, test_image, width, height, channel, labels } = this.#session.setup;
    return [image, test_image, width, height, channel, labels === "values"].join();
  }
}

/** @returns {Promise<LevelsByRole>} */
async function fetchByRole(setup) {
  const { image, test_image } = setup;
  const [truth, test] = await Promise.all([
    fetchLevels(image, setup),
    test_image === null ? null : fetchLevels(test_image, setup),
  ]);
  return { truth, test: test ?? truth };
}
