// A value within its range, drawn as a bar. In go a value and bounds, out comes a length.

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
