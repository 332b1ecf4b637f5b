// Where a value stands among random pairs. In go a row of the chance levels and a value, out come shares and words.

import { count, number } from "./format.js";

/** @import {Levels, Row} from "./chance.js" */
/** @typedef {{key: string, family: string, direction: string | null, best: number | null}} Entry of the catalogue */

/** The pairs that have a value. @param {Row} row */
export const definedPairs = (row) => row.pairs - row.undefined;

/** How many pairs in a hundred the value is better than; for a metric without a direction, how many lie below it. The
 * server says it of the pair that was asked about; of any other the percentiles do. 0 and 100 are exact.
 * @param {Row} row @param {number} value @param {Entry} entry @returns {number | null} null where no pair has a value */
export function percentBeaten(row, value, { family, direction, best }) {
  if (row.percentiles === null) return null;
  if (row.observed === value && row.percentile !== null) return row.percentile;
  const rising = row.percentiles;
  const falling = rising.map((each) => -each).reverse();
  const slack = TIE_SHARE * Math.abs(value) + (family === "tests" ? 0 : TIE);
  if (direction === "lower") return below(falling, -value - slack, row);
  if (direction !== "nearer") return below(rising, value - slack, row);
  const away = Math.abs(value - best) + slack;
  return below(rising, best - away, row) + below(falling, -best - away, row);
}

/** Values that differ by no more than this share of them, or by so much, are the same but for rounding. P-values, which
 * may be as small as they like, have all their digits: of them the share alone counts. */
const [TIE_SHARE, TIE] = [1e-10, 1e-13];

/** @param {number[]} percentiles from the 0th to the 100th, rising */
function below(percentiles, value, row) {
  if (value <= percentiles[0]) return 0;
  if (value > percentiles.at(-1)) return 100;
  const next = percentiles.findIndex((each) => each >= value);
  const [from, to] = [percentiles[next - 1], percentiles[next]];
  const share = next - 1 + (value - from) / (to - from);
  return Math.min(share, 100 - 100 / definedPairs(row)); // the largest is not below itself
}

/** @param {Row} row @param {number} value @param {Entry} entry
 * @returns {{p: number, atLeastAsGood: number, isExact: boolean} | null} null for a metric without a direction */
export function pValue(row, value, entry) {
  if (entry.direction === null || row.percentiles === null) return null;
  const pairs = definedPairs(row);
  const isExact = row.observed === value && row.p_value !== null;
  const share = (100 - percentBeaten(row, value, entry)) / 100;
  const atLeastAsGood = isExact ? Math.round(row.p_value * (1 + pairs) - 1) : Math.round(share * pairs);
  return { p: (1 + atLeastAsGood) / (1 + pairs), atLeastAsGood, isExact };
}

/** "better than 92 % of 10,000 random pairs". @param {Levels} levels @param {number | null} value @param {Entry} entry
 * @returns {string} empty where there is nothing to say */
export function standingWords(levels, value, entry) {
  const row = levels.rows.get(entry.key);
  const percent = row && value !== null ? percentBeaten(row, value, entry) : null;
  if (percent === null) return "";
  const than = entry.direction === null ? "higher than" : "better than";
  const pairs = pairsWords(levels, row);
  if (percent === 100) return `${than} all ${pairs.startsWith("the") ? "of " : ""}${pairs}`;
  return `${than} ${percent === 0 ? "none" : wholePercent(percent)} of ${pairs}`;
}

function wholePercent(percent) {
  if (percent > 99) return "over 99\u00a0%";
  return percent < 1 ? "under 1\u00a0%" : `${Math.round(percent)}\u00a0%`;
}

/** How many pairs it is said of. @param {Levels} levels @param {Row} row */
function pairsWords(levels, row) {
  const isAll = levels.answer !== null || row.pairs === levels.pairs;
  const many = isAll ? count(definedPairs(row)) : `the first ${count(row.pairs)} of ${count(levels.pairs)}`;
  return `${many} ${drawnWords(levels)}`;
}

/** What is drawn by chance. @param {{isOfTwo: boolean, isDisjoint: boolean}} levels */
export function drawnWords({ isOfTwo, isDisjoint }) {
  if (isOfTwo) return "random shifts of the test picture";
  return isDisjoint ? "random pairs that do not overlap" : "random pairs";
}

/** What is counted, as a heading. @param {{isOfTwo: boolean}} levels */
export const manyOf = ({ isOfTwo }) => (isOfTwo ? "Shifts" : "Pairs");

/** What most pairs have: "median 0.31, 5–95 % 0.1 to 0.55". @param {Row} row @returns {string} empty where none has a value */
export function spreadWords({ quantiles }) {
  if (quantiles === null) return "";
  return `median ${number(quantiles[50])}, 5–95\u00a0% ${number(quantiles[5])} to ${number(quantiles[95])}`;
}

/** The levels of those metrics alone that do not depend on labels. @param {Levels} levels
 * @param {Map<string, {follows: string}>} entries @returns {Levels} */
export function onlyOfLevels(levels, entries) {
  return { ...levels, rows: new Map([...levels.rows].filter(([key]) => entries.get(key).follows === "levels")) };
}
