// Buttons that copy a line. In goes a click, out comes text on the clipboard, or selected where there is none.

import { byId } from "./dom.js";
import { say } from "./status.js";

export function listenForCopies() {
  for (const button of document.querySelectorAll("[data-copy]")) {
    button.addEventListener("click", () => copy(byId(button.dataset.copy), button));
  }
}

/** @param {HTMLElement} code holds the text @param {HTMLElement} button tells that it is done */
export async function copy(code, button) {
  const copied = await navigator.clipboard?.writeText(code.textContent).then(() => true, () => false);
  if (!copied) getSelection().selectAllChildren(code); // without a clipboard the user's own copy key does it
  say(copied ? "Copied." : "Selected: copy it with your keyboard.");
  flash(button, copied ? "Copied" : "Selected");
}

function flash(button, words) {
  const before = button.dataset.words ?? button.textContent;
  button.dataset.words = before;
  button.textContent = words;
  setTimeout(() => (button.textContent = before), 1500);
}
