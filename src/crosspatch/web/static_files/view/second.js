// The test picture: chosen, or dropped onto a zone of its own. In goes a file, out comes a comparison with it, or what
// stands in its way, in words.

import { byId, markInvalid, write, writeProblem } from "./dom.js";
import { say } from "./status.js";
import { sentence, size } from "../model/format.js";
import { pictureSize, proposed } from "../model/setup.js";

/** @import {Picture} from "../model/pictures.js" */
/** @import {Session} from "../model/session.js" */

/** @param {Session} session @param {{onBrought: () => void}} what called before the numbers about both come */
export function createSecond(session, { onBrought }) {
  const input = byId("test-file");
  const [heading, lead] = ["second-heading", "second-lead"].map((id) => ({ place: byId(id), first: byId(id).textContent }));
  /** @type {Picture | null} one of another size, until the resize is asked for */ let offered = null;
  let sending = new AbortController();

  async function bring(file) {
    clear();
    const mine = sending;
    showSending(true);
    say(`Sending ${file.name}.`);
    onBrought();
    try {
      const other = await session.bringTest(file, { onProgress: advance, signal: mine.signal });
      if (mine === sending && other !== null) offer(other);
    } catch (problem) {
      if (mine === sending) refuse(problem);
    } finally {
      if (mine === sending) showSending(false);
    }
  }

  /** Nothing more comes of what was brought, and no words about it are left. */
  function clear() {
    sending.abort();
    sending = new AbortController();
    offered = null;
    byId("second-offer").hidden = true;
    refuseWith("");
    showSending(false);
  }

  /** Another test picture is as welcome as the first. */
  function invite() {
    clear();
    const { testPicture } = session;
    write(heading.place, testPicture ? "Compare with another test picture" : heading.first);
    write(lead.place, testPicture ? `It takes the place of ${testPicture.name}. Choose it, or drop it here.` : lead.first);
  }

  function offer(picture) {
    offered = picture;
    const [truth, resized] = [session.picture.description, pictureSize(proposed(session.picture.description))];
    const words = `The test picture is ${size(picture.description)} px, the truth ${size(truth)}.`;
    write(byId("second-offer-words"), words);
    write(byId("second-resize"), `Compare both resized to ${size(resized)}`);
    byId("second-offer").hidden = false;
    say(`${words} They are compared only when both are resized.`);
  }

  input.addEventListener("change", () => {
    if (input.files.length > 0) bring(input.files[0]);
    input.value = ""; // so that the same file can be chosen again
  });
  byId("second-cancel").addEventListener("click", () => sending.abort());
  byId("second-resize").addEventListener("click", () => {
    onBrought();
    session.compareWith(offered);
  });
  for (const id of ["second", "drop-test"]) listenForDrops(byId(id), bring);
  for (const name of ["picture", "pictures", "empty"]) session.addEventListener(name, invite);
}

/** @param {HTMLElement} zone what is dropped there is for us; the rest of the page takes it for the first picture */
function listenForDrops(zone, onFile) {
  const veil = byId("drop-veil");
  zone.addEventListener("dragover", (event) => {
    if (!event.dataTransfer?.types.includes("Files")) return;
    event.preventDefault();
    event.stopPropagation();
    veil.hidden = !veil.contains(zone);
    zone.classList.add("is-over");
  });
  zone.addEventListener("dragleave", ({ relatedTarget }) => {
    if (!zone.contains(relatedTarget)) zone.classList.remove("is-over");
  });
  zone.addEventListener("drop", (event) => {
    const [file] = event.dataTransfer?.files ?? [];
    event.preventDefault();
    event.stopPropagation();
    veil.hidden = true;
    zone.classList.remove("is-over");
    if (file) onFile(file);
  });
}

/** @param {number} share of the bytes that have left, 0..1 */
function advance(share) {
  const progress = byId("second-progress");
  if (share < 1) progress.value = share;
  else progress.removeAttribute("value"); // how long the rest takes is not known
}

function showSending(isOn) {
  for (const id of ["second-progress", "second-cancel"]) byId(id).hidden = !isOn;
  byId("second-choose").hidden = isOn;
}

function refuse(problem) {
  if (problem.name === "AbortError") say("Cancelled.");
  else refuseWith(sentence(problem.message));
}

function refuseWith(words) {
  writeProblem(byId("problem-test"), words);
  markInvalid(byId("test-file"), words !== "");
  if (words !== "") say(words);
}
