// Tokens as colours of pixels, and the ramps between them. In goes a share 0..1, out comes a colour between two tokens.

const channels = (hex) => [1, 3, 5].map((at) => parseInt(hex.trim().slice(at, at + 2), 16));

/** A token of the theme that is on, as red, green and blue. @param {string} name @returns {number[]} */
export const token = (name) => channels(getComputedStyle(document.documentElement).getPropertyValue(name));

/** @param {number[]} from @param {number[]} to @param {number} share */
export const between = (from, to, share) => from.map((low, index) => Math.round(low + (to[index] - low) * share));

/** The heat ramp of the theme that is on. @returns {{colour: (share: number) => number[], text: (rgb: number[]) => string}} */
export function heatRamp() {
  const [low, high] = [token("--heat-low"), token("--heat-high")];
  const colour = (share) => between(low, high, share);
  return { colour, text: (rgb) => (luminance(rgb) > 0.179 ? "#000000" : "#ffffff") };
}

/** WCAG relative luminance; at 0.179 black and white contrast alike. @param {number[]} rgb */
function luminance(rgb) {
  const [red, green, blue] = rgb.map((level) => {
    const share = level / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}
