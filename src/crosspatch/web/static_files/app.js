// The page's wiring: what the user brings goes to the session, what the session tells goes to the screens.

import { sentence } from "./model/format.js";
import { Session } from "./model/session.js";
import { fromFragment } from "./model/setup.js";
import { createResult } from "./result.js";
import { createBring } from "./view/bring.js";
import { byId } from "./view/dom.js";
import { hideNotice, showNotice } from "./view/notice.js";
import { keepOrder, screen, showScreen } from "./view/screens.js";
import { createSecond } from "./view/second.js";
import { createSending } from "./view/sending.js";
import { say } from "./view/status.js";
import { linkOf } from "./view/take.js";

const session = new Session();
const result = createResult(session);
const bring = createBring({ onFile: open, onAfresh: () => session.startAfresh() });
const sending = createSending({ onCancel: () => upload.abort() });
const tryAgain = { label: "Try again", act: () => session.compare() };
createSecond(session, { onBrought: () => (focusResult = true) });
let upload = new AbortController();
let focusResult = false;
let sparesNotice = false; // the numbers that follow a refused picture leave its words where they are

async function open(file, testFile) {
  const before = screen() === "sending" ? "bring" : screen();
  upload.abort();
  const mine = (upload = new AbortController());
  bring.showProblem("");
  sending.show(file);
  showScreen("sending");
  try {
    focusResult = true;
    await session.open(file, { testFile, onProgress: sending.advance, signal: mine.signal });
  } catch (problem) {
    if (mine === upload) notOpened(problem, session.report || session.isOn ? "result" : before);
  }
}

/** The upload failed: back to where it began, with the words there. */
function notOpened(problem, before) {
  focusResult = false;
  sending.hide();
  showScreen(before);
  if (problem.name === "AbortError") say("Cancelled.");
  else if (before === "result") {
    showNotice(sentence(problem.message));
    sparesNotice = session.isOn;
  } else bring.showProblem(sentence(problem.message));
}

function showResult() {
  byId("answer").hidden = session.report === null;
  result.drawStagePicture();
  if (screen() !== "result") {
    sending.hide();
    bring.askForAny();
    showScreen("result");
  }
  if (focusResult) byId("answer-heading").focus({ preventScroll: true });
  if (focusResult) scrollTo(0, 0);
  focusResult = false;
}

function keepLink() {
  history.replaceState(null, "", linkOf(session));
}

session.addEventListener("picture", result.drawPicture);
session.addEventListener("pictures", result.drawPictures);
session.addEventListener("setup", result.drawSetup);
session.addEventListener("report", async ({ detail }) => {
  if (!sparesNotice) hideNotice();
  sparesNotice = false;
  result.drawPlaces();
  await result.drawReport(detail).catch((problem) => showNotice(sentence(problem.message), tryAgain));
  showResult();
  result.drawPairs();
  if (detail.live) return;
  result.drawTake();
  keepLink();
});
session.addEventListener("chance", () => {
  result.drawTake();
  keepLink();
});
session.addEventListener("intervals", result.drawIntervals);
session.addEventListener("problem", ({ detail: { problem } }) => {
  const words = sentence(problem.message);
  focusResult &&= session.report === null; // numbers that come later must not take the focus
  if (problem.isGone) return; // told by "gone"
  if (session.picture === null) {
    bring.showProblem(words);
    return;
  }
  result.drawPlaces();
  showResult();
  if (problem.isAboutTheRequest && result.refuse(problem.errors)) say(words);
  else showNotice(words, tryAgain);
});
session.addEventListener("busy", ({ detail: { seconds } }) => {
  showNotice(`The server is busy. The last numbers stay; the page asks again in ${seconds} s.`);
});
session.addEventListener("gone", () => {
  const { name } = session.awaited;
  if (session.report !== null) {
    const words = `The server no longer has this picture. Choose ${name || "its file"} again to go on; the numbers stay.`;
    showNotice(words, { label: "Choose the file", act: bring.choose });
    return;
  }
  sending.hide();
  showScreen("bring");
  bring.askFor(name);
});
session.addEventListener("empty", () => {
  history.replaceState(null, "", location.pathname);
  document.title = "Crosspatch";
  hideNotice();
  bring.askForAny();
  showScreen("bring");
  byId("bring-heading").focus();
  say("The picture is removed.");
});

byId("replace").addEventListener("click", () => {
  session.awaited = null; // another picture is welcome
  bring.choose();
});
byId("remove").addEventListener("click", () => session.remove());
addEventListener("hashchange", restore);

function restore() {
  const link = fromFragment(location.hash);
  if (link === null) return;
  upload.abort();
  session.restore(link);
}

result.prepare();
keepOrder();
restore();
