// What went wrong with a comparison, at the foot of the window; the numbers stay. In go words and at most one action.

import { byId, write } from "./dom.js";
import { say } from "./status.js";

/** @param {string} words @param {{label: string, act: () => void}} [action] */
export function showNotice(words, action) {
  const button = byId("notice-action");
  write(byId("notice-words"), words);
  byId("notice").hidden = false;
  button.hidden = action === undefined;
  write(button, action?.label ?? "");
  button.onclick = action?.act ?? null;
  say(words);
}

export function hideNotice() {
  byId("notice").hidden = true;
}
