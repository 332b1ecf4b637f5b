// Fields that hold several values: levels to ignore, names of classes. In goes text, out come lists, and back.

const LEVELS = 256;

/** @param {string} text levels with commas or spaces between @returns {number[] | null} sorted, each once; null when it is wrong */
export function readLevels(text) {
  const words = text.split(/[\s,;]+/).filter(Boolean);
  if (!words.every((word) => /^\d{1,3}$/.test(word) && Number(word) < LEVELS)) return null;
  return [...new Set(words.map(Number))].sort((one, other) => one - other);
}

/** @param {readonly number[]} levels */
export const writeLevels = (levels) => levels.join(", ");

/** Names by commas; where there are lines, one a line, so that a name may hold a comma.
 * @param {string} text @returns {string[]} */
export function readNames(text) {
  const names = text.split(text.includes("\n") ? "\n" : ",");
  return names.map((name) => name.trim()).filter(Boolean);
}

/** @param {readonly string[]} names */
export const writeNames = (names) => (names.some((name) => name.includes(",")) ? names.map((name) => `${name}\n`).join("") : names.join(", "));

/** How many classes a labelling makes; null where the pictures decide.
 * @param {string | null} labels such as "levels:4" */
export function classesOf(labels) {
  const [method, number] = (labels ?? "").split(":");
  if (method === "levels") return Number(number);
  return method === "otsu" || method === "threshold" ? 2 : null;
}
