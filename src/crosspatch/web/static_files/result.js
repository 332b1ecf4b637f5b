// The result's screen. In go the session's picture, setup and report, out come its views, each drawn from them.

import { createChance } from "./chance.js";
import { createFigures, drawPixels, lightUp } from "./figures.js";
import { fetchCatalogue, renditionUrl } from "./model/api.js";
import { sentence } from "./model/format.js";
import { Levels } from "./model/levels.js";
import { overlap } from "./model/rectangles.js";
import { pictureSize, rectangleSize } from "./model/setup.js";
import { onlyOfLevels, standingWords } from "./model/standing.js";
import { overlapWords, showFirst, showOverlap, showTerms } from "./view/answer.js";
import { createChancePart } from "./view/chance.js";
import { createControls } from "./view/controls.js";
import { byId } from "./view/dom.js";
import { createHalves } from "./view/halves.js";
import { valueWords } from "./view/headlines.js";
import { createMatrix } from "./view/matrix.js";
import { showNotice } from "./view/notice.js";
import { createOriginal } from "./view/original.js";
import { createPair, pairWords, showNames, showPair, showPairing } from "./view/pair.js";
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
  let said = null; // the whole chance levels that the status line has told
  let shown = null; // the report that the views show: the session's, or what it says of another threshold

  const acts = {
    onChoose: choose,
    onNewPair: () => session.newPair(),
    onSwap: () => session.swap(),
    onUndo: () => session.undo(),
    onRedo: () => session.redo(),
  };
  const onMove = (role, place, how) => session.places && !session.setup.whole && session.move(role, place, how);
  const stage = createStage(byId("stage"), { ...acts, onMove });
  const halves = createHalves({ ...acts, onMove });
  const pair = createPair({ onWhole: (whole) => session.compareWhole(whole), onRemove: () => session.removeTest() });
  const controls = createControls({
    ...acts,
    onPlace: (place) => session.move(chosen, place),
    onStep: (step) => (session.testPicture ? halves : stage).step(step),
  });
  const settings = createSettings({ onChange: (change) => session.change(change), onCompare: () => session.compare() });
  const matrix = createMatrix({ onChoose: drawPairs });
  const regions = createRegions({ onOpen: drawPairs });
  const take = createTake(session);
  const chance = createChance(session, drawChance);
  const originals = [createOriginal("original"), createOriginal("original-test")];

  /** The views that draw what the catalogue lists; it is fetched once, again only if that failed. */
  function figuresReady() {
    figures ??= fetchCatalogue().then((catalogue) => {
      const views = createFigures(catalogue);
      const threshold = createThreshold(catalogue, {
        onSlide: (newest) => drawSlide(newest, views),
        asked: () => session.setup.labels,
        onAsk: (labels) => session.change({ labels }),
      });
      const part = createChancePart(catalogue, { onRestrict: (isDisjoint) => session.restrictChance(isDisjoint), onAgain: () => chance.again() });
      return { ...views, threshold, chance: part, entries: new Map(catalogue.map((entry) => [entry.key, entry])) };
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
    byId("stage-picture").removeAttribute("src");
    halves.draw(null);
    byId("answer").hidden = true;
    shown = null;
    matrix.clear();
    drawPictures();
  }

  /** Which pictures are compared. */
  function drawPictures() {
    const { picture, testPicture } = session;
    showNames(picture, testPicture);
    const names = [picture, testPicture].map((each) => each?.name).filter(Boolean).join(" and ");
    document.title = [names, "Crosspatch"].filter(Boolean).join(", ");
    drawPlaces();
    if (testPicture !== null) halves.name({ truth: picture, test: testPicture });
    originals.forEach((original, index) => original.show([picture, testPicture][index]));
    settings.begin([picture, testPicture].filter(Boolean).map(({ description }) => description));
  }

  function drawPlaces() {
    const { setup, places } = session;
    const [picture, rectangle] = [pictureSize(setup), rectangleSize(setup)];
    pair.offer(setup);
    halves.show(setup, places);
    if (setup.test_image === null) stage.show(picture, rectangle, places);
    if (places === null) return;
    const most = { width: picture.width - rectangle.width, height: picture.height - rectangle.height };
    controls.show(places[chosen], most, session);
    if (setup.test_image !== null) session.isAnswered && showPair(session.report);
    else showOverlap(overlap(places.truth, places.test, rectangle), rectangle);
  }

  function drawSetup() {
    settings.show(session.setup);
    regions.summarise(rectangleSize(session.setup));
    drawPlaces();
    drawPairs();
  }

  /** The resized pictures, as soon as the server is known to have them. */
  function drawStagePicture() {
    const { picture, testPicture, setup } = session;
    const [source, testSource] = [picture, testPicture ?? picture].map(({ id }) => renditionUrl(id, pictureSize(setup), setup.labels));
    if (testPicture !== null) halves.draw({ truth: source, test: testSource });
    const image = byId("stage-picture");
    if (image.getAttribute("src") !== source) image.setAttribute("src", source);
  }

  /** Light up the chosen cell's pixels, and draw the regions where they are open. */
  async function drawPairs() {
    if (shown === null || !session.isAnswered || (matrix.chosen === null && !regions.isOpen)) {
      lightUp(null);
      return;
    }
    try {
      const bytes = levels.now ?? (await levels.fetch());
      if (bytes !== null && session.isAnswered) drawBytes(bytes);
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
    if (report !== session.report || !session.isAnswered) return;
    showPairing(report);
    settings.count(report);
    drawFigures(views.threshold.show(report), views);
    if (live) views.update(shown);
    else views.show(shown);
    drawChance();
    const { headlines, metrics, chance: part } = views;
    sayAnswer(headlines.firstWords(shown));
    const include = ["confusion", "metrics"];
    session.liveRequest = () => (metrics.isOpen || part.isOpen ? { include } : { include, families: headlines.families });
  }

  /** The report's metrics have their intervals now. */
  async function drawIntervals() {
    const views = await figuresReady();
    drawFigures(views.threshold.show(session.report), views);
    views.show(shown);
    drawChance();
  }

  /** What chance gives, beside every number that is shown. */
  async function drawChance() {
    if (shown === null || !session.isAnswered) return;
    const views = await figuresReady();
    const { setup, places, testPicture } = session;
    // Under a slider that is held the labels are others than those of the random pairs.
    const isSlid = shown.labels.method !== session.report.labels.method;
    const levels = chance.levels && isSlid ? onlyOfLevels(chance.levels, views.entries) : chance.levels;
    views.showChance(levels);
    const first = views.headlines.firstDefined(shown);
    const standing = first && levels ? standingWords(levels, first.metric.value, first.entry) : "";
    showFirst(first?.entry.title ?? "", first ? valueWords(first.metric) : "", standing);
    const isOfTwo = testPicture !== null;
    const overlap_percent = isOfTwo ? null : overlap(places.truth, places.test, rectangleSize(setup)).percent;
    views.chance.show({ report: shown, chance, levels, overlap_percent, isOfTwo }, standing && `${first.entry.title} ${standing}`);
    take.showChance(chance.levels);
    if (standing && chance.levels.answer !== null && chance.levels.answer !== said) sayWhenStill(`${first.entry.title} ${standing}.`);
    said = chance.levels?.answer ?? null;
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
    drawChance();
    drawPairs();
  }

  function sayAnswer(first) {
    const { places, setup, testPicture, report } = session;
    const words = testPicture ? pairWords(report) : overlapWords(overlap(places.truth, places.test, rectangleSize(setup)));
    (testPicture ? halves : stage).tell(`${words}. ${first}`);
    sayWhenStill(`${words}. ${first}.`);
  }

  return {
    drawPicture,
    drawPictures,
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
