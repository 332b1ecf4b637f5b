// The few things that every view does to the document. Text from data goes in as text, never as markup.

/** @param {string} id @returns {any} */
export const byId = (id) => document.getElementById(id);

/** The first element of a template, cloned. @param {string} id @returns {any} */
export const stamp = (id) => byId(id).content.firstElementChild.cloneNode(true);

/** An element with text in it. @param {string} tag @param {string} [text] @param {Record<string, string>} [attributes] */
export function make(tag, text = "", attributes = {}) {
  const element = document.createElement(tag);
  element.textContent = text;
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  return element;
}

/** Set text only where it changes, so that nothing is laid out or announced for nothing. */
export function write(element, text) {
  if (element.textContent !== text) element.textContent = text;
}

/** Show words beside what they are about, or hide them when there are none. @param {HTMLElement} element @param {string} words */
export function writeProblem(element, words) {
  write(element, words);
  element.hidden = words === "";
}

/** Mark a field as wrong or right again. @param {HTMLElement} field @param {boolean} wrong */
export function markInvalid(field, wrong) {
  if (wrong) field.setAttribute("aria-invalid", "true");
  else field.removeAttribute("aria-invalid");
}
