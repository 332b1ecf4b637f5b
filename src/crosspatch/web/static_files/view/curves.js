// The four charts of two classes. In go a report with curves and the thresholds, out come curves with what moves on them.

import { countAxis, createChart, shareAxis } from "../charts.js";
import { byId, make, write } from "./dom.js";
import { ranked, valueWords } from "./headlines.js";
import { numbersOf } from "./numbers.js";
import { count, percentage } from "../model/format.js";
import { positiveFrom } from "../model/threshold.js";

const LINES = ["is-first", "is-second", "is-third"];
const LEVEL_AXIS = { title: "Grey level", from: 0, to: 256, ticks: [0, 64, 128, 192, 255], words: String };

/** @typedef {{truth: number, test: number}} Levels from which a pixel is positive */
/** @typedef {{draw: () => void, move: (levels: Levels) => void}} Chart */

/** @param {object[]} catalogue */
export function createCurves(catalogue) {
  const entries = new Map(catalogue.map((entry) => [entry.key, entry]));
  const scene = { report: null, levels: null };
  const charts = [
    createCurve("roc", scene, entries, drawRoc),
    createCurve("precision_recall", scene, entries, drawPrecisionRecall),
    createSweep(scene, ranked(catalogue)),
    createHistograms(scene),
  ];
  return {
    /** @param {object} report with curves and histograms @param {Levels} levels */
    show(report, levels) {
      Object.assign(scene, { report, levels });
      for (const chart of charts) chart.draw();
    },
    /** @param {Levels} levels */
    move(levels) {
      scene.levels = levels;
      for (const chart of charts) chart.move(levels);
    },
  };
}

/** A curve of the API: its thresholds, then what lies along x, then along y; each with the name it has there. */
function axesOf(curve) {
  const [, [xName, x], [yName, y]] = Object.entries(curve);
  return { xName: words(xName), yName: words(yName), x, y };
}

const words = (name) => name.charAt(0).toUpperCase() + name.slice(1).replaceAll("_", " ");

/** A curve on which the truth's classes are kept and a dot stands at the test's threshold. @returns {Chart} */
function createCurve(name, scene, entries, drawLines) {
  const figure = byId(`chart-${name}`);
  const title = figure.querySelector("h3").textContent;
  const area = [...entries.values()].find(({ area_under: curve }) => curve === name);
  let moveDot = () => {};
  const chart = createChart(figure.querySelector("svg"), () => {
    const { xName, yName, x, y } = axesOf(scene.report.curves[name]);
    const draw = (pen) => {
      drawLines(pen, x.map((value, threshold) => [value, y[threshold]]).reverse());
      moveDot = pen.dot("of-test");
      moveDot(x[scene.levels.test], y[scene.levels.test]);
    };
    return { x: shareAxis(xName), y: shareAxis(yName), draw };
  });
  const fillNumbers = numbersOf(figure, () => {
    const { xName, yName, x, y } = axesOf(scene.report.curves[name]);
    return { head: ["Test’s threshold", xName, yName], rows: x.map((value, threshold) => [threshold, value, y[threshold]]) };
  });
  const move = ({ test }) => {
    const { xName, yName, x, y } = axesOf(scene.report.curves[name]);
    moveDot(x[test], y[test]);
    const [along, up] = [x[test], y[test]].map((value) => valueWords({ value }));
    write(figure.querySelector(".chart-at"), `Dot at ${along}, ${up}`);
    const at = `${xName.toLowerCase()} ${along}, ${yName.toLowerCase()} ${up}`;
    chart.say(`${title}: at the test’s threshold ${test}, ${at}; ${areaWords(area, scene.report)}.`);
  };
  const draw = () => {
    write(figure.querySelector(".chart-value"), areaWords(area, scene.report));
    write(figure.querySelector(".chart-kept"), String(positiveFrom(scene.report, "truth")));
    chart.draw();
    fillNumbers();
    move(scene.levels);
  };
  return { draw, move };
}

/** The metric that is a curve's area. */
export function areaWords(entry, { metrics }) {
  const metric = metrics.find(({ key }) => key === entry.key);
  return metric ? `${entry.aliases[0]} ${valueWords(metric)}` : ""; // a report can be of some families alone
}

/** Between two thresholds no better point is had than the lower one. */
function drawRoc(pen, points) {
  pen.line([[0, 0], [1, 1]], "is-reference");
  pen.steps(points, "is-first");
}

/** Beneath it lies the step sum that is called average precision. The last threshold takes every pixel: the prevalence. */
function drawPrecisionRecall(pen, points) {
  const [, prevalence] = points.at(-1);
  pen.line([[0, prevalence], [1, prevalence]], "is-reference");
  pen.earlySteps(points, "is-first");
}

/** The best ranked metrics that are at most 1, at one threshold for both regions. @returns {Chart} */
function createSweep(scene, order) {
  const figure = byId("chart-thresholds");
  const legend = figure.querySelector(".chart-legend");
  const swept = () => scene.report.curves.thresholds;
  const shown = () => order.filter(({ key, bounds }) => bounds[1] === 1 && key in swept().metrics).slice(0, LINES.length);
  const lowest = () => Math.min(0, ...shown().flatMap(({ key }) => swept().metrics[key].filter((value) => value !== null)));
  let moveMarker = () => {};
  const chart = createChart(figure.querySelector("svg"), () => ({
    x: LEVEL_AXIS,
    y: shareAxis("Value", Math.floor(4 * lowest()) / 4),
    draw(pen) {
      shown().forEach(({ key }, index) => pen.line(swept().metrics[key].map((value, level) => [level, value]), LINES[index]));
      moveMarker = pen.marker("of-both");
      moveMarker(scene.levels.test);
    },
  }));
  const fillNumbers = numbersOf(figure, () => {
    const { threshold, tn, fp, fn, tp, metrics } = swept();
    const columns = [threshold, tn, fp, fn, tp, ...shown().map(({ key }) => metrics[key])];
    const head = ["Threshold", "TN", "FP", "FN", "TP", ...shown().map(({ title }) => title)];
    return { head, rows: threshold.map((level) => columns.map((column) => column[level])) };
  });
  const move = ({ test }) => {
    moveMarker(test);
    const values = shown().map(({ key }) => valueWords({ value: swept().metrics[key][test] }));
    values.forEach((value, index) => write(legend.children[index].querySelector("b"), value));
    const said = shown().map(({ title }, index) => `${title} ${values[index]}`);
    chart.say(`Metrics by threshold: at level ${test} for both regions, ${said.join(", ")}.`);
  };
  const draw = () => {
    legend.replaceChildren(...shown().map(({ title }, index) => legendLine(title, LINES[index])));
    chart.draw();
    fillNumbers();
    move(scene.levels);
  };
  return { draw, move };
}

function legendLine(title, name) {
  const line = byId("template-legend").content.firstElementChild.cloneNode(true);
  line.querySelector(".chart-line").classList.add(name);
  line.querySelector("span").textContent = title;
  return line;
}

/** @returns {Chart} */
function createHistograms(scene) {
  const figure = byId("chart-histograms");
  let markers = [];
  const place = () => markers.forEach(([role, move]) => move(scene.levels[role]));
  const chart = createChart(figure.querySelector("svg"), () => {
    const { truth, test } = scene.report.histograms;
    const draw = (pen) => {
      pen.bars(truth, "of-truth");
      pen.steps([...test.map((pixels, level) => [level, pixels]), [test.length, test.at(-1)]], "of-test");
      markers = ["truth", "test"].map((role) => [role, pen.marker(`of-${role}`)]);
      place();
    };
    return { x: LEVEL_AXIS, y: countAxis("Pixels", Math.max(...truth, ...test), count), draw };
  });
  const fillNumbers = numbersOf(figure, () => {
    const { truth, test } = scene.report.histograms;
    return { head: ["Grey level", "Truth, px", "Test, px"], rows: truth.map((pixels, level) => [level, pixels, test[level]]) };
  });
  const move = (levels) => {
    place();
    const said = ["truth", "test"].map((role) => {
      const share = shareFrom(scene.report.histograms[role], levels[role]);
      return `${percentage(share)} of the ${role}’s pixels are at or above level ${levels[role]}`;
    });
    chart.say(`Histograms of grey levels: ${said.join(", ")}.`);
  };
  const draw = () => {
    chart.draw();
    fillNumbers();
    move(scene.levels);
  };
  return { draw, move };
}

function shareFrom(histogram, level) {
  const sum = (counts) => counts.reduce((total, pixels) => total + pixels, 0);
  return (100 * sum(histogram.slice(level))) / sum(histogram);
}
