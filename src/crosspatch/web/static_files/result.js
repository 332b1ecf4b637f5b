// The result's screen. In go the session's picture, setup and report, out come its views, each drawn from them.

import { createFigures, drawPixels, lightUp } from "./figures.js";
import { fetchCatalogue, renditionUrl } from "./model/api.js";
import { sentence, size } from "./model/format.js";
import { Levels } from "./model/levels.js";
import { overlap } from "./model/rectangles.js";
import { pictureSize, rectangleSize } from "./model/setup.js";
import { overlapWords, showOverlap, showTerms } from "./view/answer.js";
import { createControls } from "./view/controls.js";
import { byId, write } from "./view/dom.js";
import { createMatrix } from "./view/matrix.js";
import { showNotice } from "./view/notice.js";
import { createOriginal } from "./view/original.js";
import { createRegions } from "./view/regions.js";
import { createSettings } from "./view/settings.js";
import { createStage } from "./view/stage.js";
import { sayWhenStill } from "./view/status.js";
import { createTake } from "./view/take.js";
import { createThreshold } from "./view/threshold.js";

/** @import {Session} from "./model/session.js" */

/** @param {Session} session */
export function createResult(session) {
  const levels = new Levels(session);
  let chosen = "truth";
  let figures = null;
  let shown = null; // the report that the views show: the session's, or what it says of another threshold

  const acts = {
    onChoose: choose,
    onNewPair: () => session.newPair(),
    onSwap: () => session.swap(),
    onUndo: () => session.undo(),
    onRedo: () => session.redo(),
  };
  const stage = createStage(byId("stage"), { ...acts, onMove: (role, place, how) => session.places && session.move(role, place, how) });
  const controls = createControls({
    ...acts,
    onPlace: (place) => session.move(chosen, place),
    onStep: (step) => stage.step(step),
  });
  const settings = createSettings({ onChange: (change) => session.change(change), onCompare: () => session.compare() });
  const matrix = createMatrix({ onChoose: drawPairs });
  const regions = createRegions({ onOpen: drawPairs });
  const take = createTake(session);
  const original = createOriginal();

  /** The views that draw what the catalogue lists; it is fetched once, again only if that failed. */
  function figuresReady() {
    figures ??= fetchCatalogue().then((catalogue) => {
      const views = createFigures(catalogue);
      const threshold = createThreshold(catalogue, {
        onSlide: (newest) => drawSlide(newest, views),
        asked: () => session.setup.labels,
        onAsk: (labels) => session.change({ labels }),
      });
      return { ...views, threshold };
    });
    figures.catch(() => (figures = null));
    return figures;
  }

  function choose(role) {
    chosen = role;
    stage.choose(role);
    controls.choose(role);
    drawPlaces();
  }

  function drawPicture() {
    const { name, description } = session.picture;
    write(byId("picture-name"), name);
    write(byId("picture-size"), size(description));
    document.title = `${name ? `${name}, ` : ""}Crosspatch`;
    byId("stage-picture").removeAttribute("src");
    byId("answer").hidden = true;
    shown = null;
    matrix.clear();
    original.show(session.picture);
    settings.begin(description);
  }

  function drawPlaces() {
    const { setup, places } = session;
    const [picture, rectangle] = [pictureSize(setup), rectangleSize(setup)];
    stage.show(picture, rectangle, places);
    if (places === null) return;
    const most = { width: picture.width - rectangle.width, height: picture.height - rectangle.height };
    controls.show(places[chosen], most, session);
    showOverlap(overlap(places.truth, places.test, rectangle), rectangle);
  }

  function drawSetup() {
    settings.show(session.setup);
    regions.summarise(rectangleSize(session.setup));
    drawPlaces();
    drawPairs();
  }

  /** The resized picture, as soon as the server is known to have it. */
  function drawStagePicture() {
    const { picture, setup } = session;
    const source = renditionUrl(picture.id, pictureSize(setup), setup.labels);
    const image = byId("stage-picture");
    if (image.getAttribute("src") !== source) image.setAttribute("src", source);
  }

  /** Light up the chosen cell's pixels, and draw the regions where they are open. */
  async function drawPairs() {
    if (shown === null || (matrix.chosen === null && !regions.isOpen)) {
      lightUp(null);
      return;
    }
    try {
      const bytes = levels.now ?? (await levels.fetch());
      if (bytes !== null) drawBytes(bytes);
    } catch (problem) {
      showNotice(sentence(problem.message));
    }
  }

  function drawBytes(bytes) {
    const { setup, places } = session;
    const { classes, lookup } = shown.labels;
    const pairs = { levels: bytes, pictureWidth: setup.width, rectangle: rectangleSize(setup), places, lookup };
    drawPixels(pairs, classes, matrix.chosen, regions);
  }

  /** @param {{live: boolean}} how live: a part of a report, while a hand moves */
  async function drawReport({ live }) {
    const { report } = session;
    const views = await figuresReady();
    if (report !== session.report) return;
    drawFigures(views.threshold.show(report), views);
    if (live) views.update(shown);
    else views.show(shown);
    const { headlines, metrics } = views;
    sayAnswer(headlines.firstWords(shown));
    const include = ["confusion", "metrics"];
    session.liveRequest = () => (metrics.isOpen ? { include } : { include, families: headlines.families });
  }

  /** The report's metrics have their intervals now. */
  async function drawIntervals() {
    const views = await figuresReady();
    shown = views.threshold.show(session.report);
    views.show(shown);
  }

  function drawFigures(newest, { metrics }) {
    shown = newest;
    showTerms(shown, metrics.notes);
    matrix.show(shown);
  }

  /** The threshold moves, and everything that follows it; nothing is sent. */
  function drawSlide(newest, views) {
    drawFigures(newest, views);
    views.update(newest);
    drawPairs();
  }

  function sayAnswer(first) {
    const { places, setup } = session;
    const words = overlapWords(overlap(places.truth, places.test, rectangleSize(setup)));
    stage.tell(`${words}. ${first}`);
    sayWhenStill(`${words}. ${first}.`);
  }

  return {
    drawPicture,
    drawPlaces,
    drawSetup,
    drawStagePicture,
    drawPairs,
    drawReport,
    drawIntervals,
    drawTake: take.show,
    prepare: () => figuresReady().catch(() => {}),
    /** Words about fields, beside them. True when every one found its field. */
    refuse: (errors) => settings.refuse(errors, session.setup),
  };
}
