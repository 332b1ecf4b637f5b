// The heat ramp. In goes a share 0..1, out come a colour between two tokens and the text colour that reads on it.

const channels = (hex) => [1, 3, 5].map((at) => parseInt(hex.trim().slice(at, at + 2), 16));

/** The ramp of the theme that is on. @returns {{colour: (share: number) => number[], text: (rgb: number[]) => string}} */
export function heatRamp() {
  const tokens = getComputedStyle(document.documentElement);
  const low = channels(tokens.getPropertyValue("--heat-low"));
  const high = channels(tokens.getPropertyValue("--heat-high"));
  const colour = (share) => low.map((from, index) => Math.round(from + (high[index] - from) * share));
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
