// Numbers and rules in the words of a person. In go values, out comes text.

const FOUR = new Intl.NumberFormat("en", { maximumSignificantDigits: 4 });
const THREE = new Intl.NumberFormat("en", { maximumSignificantDigits: 3 });
const WHOLE = new Intl.NumberFormat("en", { maximumFractionDigits: 0 });
const COMPACT = new Intl.NumberFormat("en", { notation: "compact" });
const NBSP = "\u00a0";
const SUPERSCRIPT = "⁰¹²³⁴⁵⁶⁷⁸⁹";

const withMinus = (text) => text.replace("-", "−");

/** At most four significant digits: 0.3123, 12,350, 1.2 × 10⁻⁸. @param {number} value */
export function number(value) {
  const size = Math.abs(value);
  if (value !== 0 && (size < 1e-4 || size >= 1e7)) return scientific(value);
  return withMinus(FOUR.format(value));
}

function scientific(value) {
  const [digits, exponent] = value.toExponential(3).split("e");
  const power = exponent.replace(/[+-]/, (sign) => (sign === "-" ? "⁻" : "")).replace(/\d/g, (digit) => SUPERSCRIPT[digit]);
  return withMinus(`${Number(digits)} × 10${power}`);
}

/** An interval: 0.27 to 0.35. @param {[number, number] | null} ends */
export const interval = (ends) => (ends === null ? "" : `${number(ends[0])} to ${number(ends[1])}`);

/** A whole number, thousands separated. @param {number} value */
export const count = (value) => withMinus(WHOLE.format(value));

/** A percentage, 0 % and 100 % only when exact. @param {number} percent 0..100 */
export function percentage(percent) {
  if (percent > 99.99 && percent < 100) return `> 99.99${NBSP}%`;
  if (percent > 0 && percent < 0.01) return `< 0.01${NBSP}%`;
  return `${(percent > 99 ? FOUR : THREE).format(percent)}${NBSP}%`;
}

/** A percentage for a small cell: whole, 0 and 100 only when exact, without the sign. @param {number} percent 0..100 */
export function shortPercentage(percent) {
  if (percent > 0 && percent < 1) return "<1";
  if (percent > 99 && percent < 100) return ">99";
  return WHOLE.format(percent);
}

/** A whole number for a small cell: 9,999, then 10K and 1.2M. @param {number} value */
export const shortCount = (value) => (value < 10_000 ? WHOLE : COMPACT).format(value);

/** @param {{width: number, height: number}} size */
export const size = ({ width, height }) => `${count(width)} × ${count(height)}`;

/** @param {number} bytes */
export function bytes(bytes) {
  if (bytes < 1024) return `${count(bytes)} bytes`;
  return bytes < 1024 ** 2 ? `${THREE.format(bytes / 1024)} KiB` : `${THREE.format(bytes / 1024 ** 2)} MiB`;
}

/** A labelling in words. @param {string} labels such as "otsu" or "threshold:128" */
export function labelling(labels) {
  const [method, numbers = ""] = labels.split(":");
  if (method === "otsu") return "Otsu";
  if (method === "threshold") return `threshold ${numbers.replace(",", " and ")}`;
  if (method === "levels") return `${numbers} equal levels`;
  return "values";
}

/** Which way is better. @param {{direction: string | null, best: number | null}} metric */
export function better({ direction, best }) {
  if (direction === "nearer") return `nearer to ${number(best)} is better`;
  return direction === null ? "" : `${direction} is better`;
}

/** @param {[number | null, number | null]} bounds */
export function range([low, high]) {
  return `${low === null ? "−∞" : number(low)} to ${high === null ? "∞" : number(high)}`;
}

/** Words of the server as a sentence. @param {string} words */
export const sentence = (words) => words.charAt(0).toUpperCase() + words.slice(1) + (/[.!?]$/.test(words) ? "" : ".");
