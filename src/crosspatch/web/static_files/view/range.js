// A value within its range, drawn as a bar. In go a value and bounds, out comes a length.

/** Mark the interval over the bar. @param {HTMLElement} bar @param {[number, number] | null} ends
 * @param {[number | null, number | null]} bounds */
export function drawInterval(bar, ends, [low, high]) {
  const mark = bar.querySelector(".range-interval");
  mark.hidden = ends === null || low === null || high === null;
  if (mark.hidden) return;
  const share = (at) => (100 * (at - low)) / (high - low);
  mark.style.left = `${share(ends[0])}%`;
  mark.style.width = `${share(ends[1]) - share(ends[0])}%`;
}

/** Mark what chance gives: a band behind the bar from 5 to 95 % of random pairs, a tick across it at their median.
 * @param {HTMLElement} bar @param {Record<string, number> | null} quantiles null hides it @param {[number | null, number | null]} bounds */
export function drawChance(bar, quantiles, [low, high]) {
  const [band, tick] = ["band", "median"].map((name) => bar.querySelector(`.range-${name}`));
  band.hidden = tick.hidden = quantiles === null || low === null || high === null;
  if (band.hidden) return;
  const share = (percent) => (100 * (quantiles[percent] - low)) / (high - low);
  band.style.left = `${share(5)}%`;
  band.style.width = `${share(95) - share(5)}%`;
  tick.style.left = `${share(50)}%`;
}

/** Draw the bar from zero, or from the lower bound, to the value; without two finite bounds there is none.
 * @param {HTMLElement} bar @param {number | null} value @param {[number | null, number | null]} bounds */
export function drawRange(bar, value, [low, high]) {
  const drawn = low !== null && high !== null;
  bar.classList.toggle("is-open", !drawn);
  if (!drawn) return;
  const share = (at) => Math.max(0, Math.min(1, (at - low) / (high - low)));
  const [from, to] = value === null ? [0, 0] : [share(Math.max(low, 0)), share(value)];
  const fill = bar.firstElementChild;
  fill.style.left = `${100 * Math.min(from, to)}%`;
  fill.style.width = `${100 * Math.abs(to - from)}%`;
  bar.classList.toggle("has-zero", low < 0 && high > 0);
}
