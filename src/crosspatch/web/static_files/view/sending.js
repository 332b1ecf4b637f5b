// A picture on its way. In go a file and how much of it has left, out comes the preview with its progress.

import { byId, write } from "./dom.js";
import { percentage } from "../model/format.js";
import { say } from "./status.js";

/** @param {{onCancel: () => void}} what */
export function createSending({ onCancel }) {
  const section = byId("sending");
  const preview = byId("preview");
  const progress = byId("sending-progress");
  let url = "";
  byId("sending-cancel").addEventListener("click", onCancel);
  preview.addEventListener("error", () => (preview.hidden = true)); // TIFF: most browsers cannot show it, the server can

  function hide() {
    section.hidden = true;
    preview.removeAttribute("src");
    URL.revokeObjectURL(url);
  }

  /** @param {File} file */
  function show(file) {
    URL.revokeObjectURL(url);
    url = URL.createObjectURL(file);
    preview.hidden = false;
    preview.src = url;
    section.hidden = false;
    write(byId("sending-heading"), "Sending the picture");
    write(byId("sending-name"), file.name);
    progress.value = 0;
    byId("sending-cancel").hidden = false;
    say(`Sending ${file.name}.`);
  }

  /** @param {number} share of the bytes that have left, 0..1 */
  function advance(share) {
    progress.value = share;
    if (share < 1) write(byId("sending-name"), percentage(Math.floor(100 * share)));
    else compare();
  }

  /** Everything has arrived; how long the rest takes is not known. */
  function compare() {
    write(byId("sending-heading"), "Comparing");
    progress.removeAttribute("value");
    byId("sending-cancel").hidden = true;
  }

  return { show, hide, advance };
}
