// The picture as it was brought. In goes a picture, out come a thumbnail, its facts, and a larger view.

import { byId, write } from "./dom.js";
import { renditionUrl } from "../model/api.js";
import { bytes, count, size } from "../model/format.js";

/** @import {Picture} from "../model/session.js" */

export function createOriginal() {
  const dialog = byId("original-dialog");
  const small = byId("original");
  const large = byId("original-large");
  const more = byId("original-more");
  let shown = null;
  byId("enlarge").addEventListener("click", () => {
    large.src = small.src;
    dialog.showModal();
  });
  dialog.addEventListener("click", (event) => {
    if (event.target === dialog) dialog.close();
  });
  more.addEventListener("click", () => {
    byId("original-details").hidden = !byId("original-details").hidden;
    more.setAttribute("aria-expanded", String(!byId("original-details").hidden));
  });
  // What the browser cannot show (TIFF), the server renders.
  small.addEventListener("error", () => {
    const rendered = new URL(renditionUrl(shown.id), document.baseURI).href;
    if (shown && small.src !== rendered) small.src = rendered;
  });
  return {
    /** @param {Picture} picture */
    show(picture) {
      shown = picture;
      const { width, height, format, mode, bytes: length } = picture.description;
      small.src = picture.url ?? renditionUrl(picture.id);
      write(byId("original-facts"), [size({ width, height }), format, mode].filter(Boolean).join(", "));
      write(byId("original-details"), `${count(length)} bytes (${bytes(length)}), id ${picture.id}`);
    },
  };
}
