// The pictures that were brought, by id. In go files and ids, out come pictures; what expired is sent again from its file.

import * as api from "./api.js";

/** @typedef {{id: string, name: string, file: File | null, url: string | null, description: object}} Picture */
/** @typedef {{id: string, name: string}} Wanted the one file that will do */

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

export class Pictures {
  /** @type {Map<string, Picture>} */ #known = new Map();
  /** @type {Set<string>} ids of pictures that were removed from the server */ #removed = new Set();

  /** @param {string} id @returns {Picture | null} */
  get(id) {
    return this.#known.get(id) ?? null;
  }

  /** Upload a file, which has to be the wanted one when there is one. Raises Problem, or AbortError.
   * @param {File} file @param {Wanted | null} wanted
   * @param {{onProgress?: (share: number) => void, signal?: AbortSignal}} [options] @returns {Promise<Picture>} */
  async send(file, wanted, options) {
    if (wanted !== null && crypto.subtle) {
      const id = await sha256(file);
      options?.signal?.throwIfAborted();
      if (id !== wanted.id) throw notTheSame(wanted);
    }
    const description = await api.uploadImage(file, options);
    if (wanted === null || description.id === wanted.id) return this.#keep(description, file.name, file);
    api.removeImage(description.id).catch(() => {});
    throw notTheSame(wanted);
  }

  /** A picture of the server's; from its kept file when it has expired there. Raises Problem. @param {Wanted} wanted */
  async find({ id, name }) {
    try {
      return this.#keep(await api.describeImage(id), name, this.get(id)?.file ?? null);
    } catch (problem) {
      if (!problem.isGone || !this.get(id)?.file) throw problem;
      return this.send(this.get(id).file, null);
    }
  }

  /** Send the kept files of these pictures again. @param {string[]} ids @returns {Promise<boolean>} false when there is none */
  async sendAgain(ids) {
    const files = [...new Set(ids)].map((id) => this.get(id)?.file).filter(Boolean);
    for (const file of files) await this.send(file, null);
    return files.length > 0;
  }

  /** Send again what was removed and is asked for once more. @param {string[]} ids */
  bringBack(ids) {
    return this.sendAgain(ids.filter((id) => this.#removed.has(id)));
  }

  /** Delete from the server; what is kept here can still come back. @param {string[]} ids */
  async remove(ids) {
    for (const id of new Set(ids)) {
      this.#removed.add(id);
      await api.removeImage(id).catch((problem) => {
        if (!problem.isGone) throw problem;
      });
    }
  }

  /** Forget all but these. @param {string[]} ids */
  keepOnly(ids) {
    for (const { id, url } of [...this.#known.values()].filter((picture) => !ids.includes(picture.id))) {
      if (url) URL.revokeObjectURL(url);
      this.#known.delete(id);
      this.#removed.delete(id);
    }
  }

  #keep(description, name, file) {
    const before = this.get(description.id);
    const url = before?.url ?? (file && URL.createObjectURL(file));
    const picture = { id: description.id, name, file, url, description };
    this.#known.set(picture.id, picture);
    this.#removed.delete(picture.id);
    return picture;
  }
}
