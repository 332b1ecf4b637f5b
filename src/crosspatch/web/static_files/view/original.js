// The picture as it was brought. In goes a picture, out come a thumbnail, its facts, and a larger view.

import { byId, write } from "./dom.js";
import { renditionUrl } from "../model/api.js";
import { bytes, count, size } from "../model/format.js";

/** @import {Picture} from "../model/session.js" */

/** @param {string} name what the ids of its elements begin with: "original", or "original-test" */
export function createOriginal(name) {
  const dialog = byId("original-dialog");
  const small = byId(name);
  const large = byId("original-large");
  const more = byId(`${name}-more`);
  const details = byId(`${name}-details`);
  let shown = null;
  byId(`${name}-enlarge`).addEventListener("click", () => {
    large.src = small.src;
    large.alt = small.alt;
    dialog.setAttribute("aria-label", small.alt);
    dialog.showModal();
  });
  dialog.addEventListener("click", (event) => {
    if (event.target === dialog) dialog.close();
  });
  more.addEventListener("click", () => {
    details.hidden = !details.hidden;
    more.setAttribute("aria-expanded", String(!details.hidden));
  });
  // What the browser cannot show (TIFF), the server renders.
  small.addEventListener("error", () => {
    if (shown === null) return;
    const rendered = new URL(renditionUrl(shown.id), document.baseURI).href;
    if (small.src !== rendered) small.src = rendered;
  });
  return {
    /** @param {Picture | null} picture null hides it */
    show(picture) {
      shown = picture;
      small.closest("figure").hidden = picture === null;
      if (picture === null) return;
      const { width, height, format, mode, bytes: length } = picture.description;
      small.src = picture.url ?? renditionUrl(picture.id);
      write(byId(`${name}-facts`), [size({ width, height }), format, mode].filter(Boolean).join(", "));
      write(details, `${count(length)} bytes (${bytes(length)}), id ${picture.id}`);
    },
  };
}
