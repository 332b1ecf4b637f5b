// Charts as SVG, coloured by the style sheet alone. In go axes and data, out come lines, steps, bars, dots and markers.
//
// A chart is drawn anew when its size or its data change. What moves meanwhile, dots and markers, sets attributes only.

const SVG = "http://www.w3.org/2000/svg";
const MARGIN = { top: 26, right: 12, bottom: 40, left: 48 };
const TICK_GAP_PX = 6;
const TITLE_TOP_PX = 10;
const DOT_RADIUS_PX = 6;
const SMALL_RADIUS_PX = 2.5;

/** @typedef {{title: string, from: number, to: number, ticks: number[], words: (tick: number) => string}} Axis */
/** @typedef {[number, number | null]} Point in the axes' own units; null is a gap */
/** @typedef {ReturnType<typeof penOn>} Pen */
/** @typedef {{x: Axis, y: Axis, draw: (pen: Pen) => void}} Scene */

/** @param {SVGSVGElement} svg @param {() => Scene | null} scene what to draw now, null for nothing */
export function createChart(svg, scene) {
  const draw = () => {
    svg.replaceChildren();
    const { width, height } = svg.getBoundingClientRect();
    const now = width > 0 ? scene() : null; // inside a folded part nothing is to be seen
    if (now === null) return;
    svg.setAttribute("viewBox", `0 0 ${width} ${height}`);
    const frame = { left: MARGIN.left, right: width - MARGIN.right, top: MARGIN.top, bottom: height - MARGIN.bottom };
    drawAxes(svg, frame, now);
    now.draw(penOn(svg, frame, now));
  };
  new ResizeObserver(draw).observe(svg);
  return {
    draw,
    /** @param {string} sentence what the chart shows, for those who do not see it */
    say: (sentence) => svg.setAttribute("aria-label", sentence),
  };
}

/** An axis from 0 to 1. @param {string} title @param {number} [from] */
export function shareAxis(title, from = 0) {
  const ticks = [-1, -0.75, -0.5, -0.25, 0, 0.25, 0.5, 0.75, 1].filter((tick) => tick >= from);
  return { title, from, to: 1, ticks, words: (tick) => String(tick).replace("-", "−") };
}

/** An axis of counts, from 0 to the largest. @param {string} title @param {number} most @param {(tick: number) => string} words */
export function countAxis(title, most, words) {
  const step = Math.max(1, niceStep(Math.max(1, most) / 3));
  return { title, from: 0, to: Math.max(1, most) * 1.05, ticks: ticksOf(0, most, step), words };
}

/** An axis of values, as far as they reach. @param {string} title @param {[number, number]} ends low, then high
 * @param {(tick: number) => string} words */
export function valueAxis(title, [low, high], words) {
  const [from, to] = spread(low, high);
  return { title, from, to, ticks: ticksOf(from, to, niceStep((to - from) / 6)), words };
}

/** Values that are all one have a place around them. @param {number} low @param {number} high @returns {[number, number]} */
export const spread = (low, high) => (low < high ? [low, high] : [low - (Math.abs(low) || 1) / 2, high + (Math.abs(high) || 1) / 2]);

function ticksOf(from, to, step) {
  const ticks = [];
  for (let nth = Math.ceil(from / step); nth * step <= to; nth += 1) ticks.push(nth * step + 0);
  return ticks;
}

/** The smallest of 1, 2, 5, 10, 20, ... or their tenths, that is no less. @param {number} least */
function niceStep(least) {
  const power = 10 ** Math.floor(Math.log10(least));
  return [1, 2, 5, 10].map((factor) => factor * power).find((step) => step >= least) ?? 10 * power;
}

/** Where the axes put a value, in pixels. */
function scalesOf({ left, right, top, bottom }, { x, y }) {
  const along = ({ from, to }, start, end) => (value) => start + ((value - from) / (to - from)) * (end - start);
  return { across: along(x, left, right), up: along(y, bottom, top) };
}

function drawAxes(svg, frame, scene) {
  const { across, up } = scalesOf(frame, scene);
  const { left, right, top, bottom } = frame;
  for (const tick of scene.y.ticks) {
    put(svg, "line", "chart-grid", { x1: left, x2: right, y1: up(tick), y2: up(tick) });
    write(svg, "chart-tick is-beside", scene.y.words(tick), left - TICK_GAP_PX, up(tick));
  }
  for (const tick of scene.x.ticks) {
    put(svg, "line", "chart-grid", { x1: across(tick), x2: across(tick), y1: top, y2: bottom });
    write(svg, "chart-tick is-below", scene.x.words(tick), across(tick), bottom + TICK_GAP_PX);
  }
  put(svg, "line", "chart-axis", { x1: left, x2: right, y1: bottom, y2: bottom });
  put(svg, "line", "chart-axis", { x1: left, x2: left, y1: top, y2: bottom });
  write(svg, "chart-title is-above", scene.y.title, 0, TITLE_TOP_PX);
  write(svg, "chart-title is-at-end", scene.x.title, right, bottom + MARGIN.bottom - TICK_GAP_PX);
}

/** What draws into a chart; `name` is a class that the style sheet colours. */
function penOn(svg, frame, scene) {
  const { across, up } = scalesOf(frame, scene);
  const path = (name, d) => put(svg, "path", `chart-line ${name}`, { d });
  return {
    /** @param {Point[]} points @param {string} name */
    line: (points, name) => path(name, joined(points, across, up, (x, y) => `L${x} ${y}`)),
    /** Steps that hold a value until the next point. @param {Point[]} points @param {string} name */
    steps: (points, name) => path(name, joined(points, across, up, (x, y) => `H${x}V${y}`)),
    /** Steps that take a value at once. @param {Point[]} points @param {string} name */
    earlySteps: (points, name) => path(name, joined(points, across, up, (x, y) => `V${y}H${x}`)),
    /** Bars that touch, one for each value, from 0. @param {number[]} values @param {string} name
     * @param {[number, number]} [ends] of all of them along x */
    bars(values, name, [from, to] = [0, values.length]) {
      const edge = (index) => round(across(from + ((to - from) * index) / values.length));
      const bar = (value, index) => `M${edge(index)} ${round(up(0))}V${round(up(value))}H${edge(index + 1)}V${round(up(0))}Z`;
      const d = values.map((value, index) => (value > 0 ? bar(value, index) : "")).join("");
      return put(svg, "path", `chart-bars ${name}`, { d });
    },
    /** What lies between two lines; null is a gap. @param {[number, number | null, number | null][]} points x, low and high
     * @param {string} name */
    band(points, name) {
      const outline = (run) => [...run.map(([x, , high]) => [x, high]), ...run.map(([x, low]) => [x, low]).reverse(), [0, null]];
      const d = joined(runsOf(points).flatMap(outline), across, up, (x, y) => `L${x} ${y}`);
      return put(svg, "path", `chart-band ${name}`, { d });
    },
    /** Dots that stay. @param {Point[]} points @param {string} name */
    dots(points, name) {
      const known = points.filter(([, y]) => y !== null);
      return known.map(([x, y]) => put(svg, "circle", `chart-dots ${name}`, { r: SMALL_RADIUS_PX, cx: across(x), cy: up(y) }));
    },
    /** A dot, and how to move it. @param {string} name @returns {(x: number | null, y: number | null) => void} null hides it */
    dot(name) {
      const dot = put(svg, "circle", `chart-dot ${name}`, { r: DOT_RADIUS_PX });
      return (x, y) => {
        const shown = x !== null && y !== null;
        dot.classList.toggle("is-nowhere", !shown);
        if (shown) set(dot, { cx: across(x), cy: up(y) });
      };
    },
    /** An upright line, and how to move it. @param {string} name @returns {(x: number | null) => void} null hides it */
    marker(name) {
      const marker = put(svg, "line", `chart-marker ${name}`, { y1: frame.top, y2: frame.bottom });
      return (x) => {
        marker.classList.toggle("is-nowhere", x === null);
        if (x !== null) set(marker, { x1: across(x), x2: across(x) });
      };
    },
  };
}

/** A path through points, broken where there is none. */
function joined(points, across, up, onwards) {
  let isOn = false;
  return points
    .map(([x, y]) => {
      const step = y === null ? "" : (isOn ? onwards : (...at) => `M${at.join(" ")}`)(round(across(x)), round(up(y)));
      isOn = y !== null;
      return step;
    })
    .join("");
}

/** Neighbours that are known. */
function runsOf(points) {
  const runs = [[]];
  for (const point of points) {
    if (point.includes(null)) runs.push([]);
    else runs.at(-1).push(point);
  }
  return runs;
}

const round = (px) => Math.round(100 * px) / 100;

function set(element, attributes) {
  for (const [name, value] of Object.entries(attributes)) {
    element.setAttribute(name, String(typeof value === "number" ? round(value) : value));
  }
}

function put(svg, tag, name, attributes) {
  const element = document.createElementNS(SVG, tag);
  element.setAttribute("class", name);
  set(element, attributes);
  svg.append(element);
  return element;
}

function write(svg, name, text, x, y) {
  put(svg, "text", name, { x, y }).textContent = text;
}
