// How a picture comes in: chosen, dropped, pasted, or one of ours. In goes a gesture, out comes a File.

import { byId, markInvalid, write, writeProblem } from "./dom.js";
import { say } from "./status.js";

const FIRST_WORDS = {};

/** @param {{onFile: (file: File, testFile?: File) => void, onAfresh: () => void}} what */
export function createBring({ onFile, onAfresh }) {
  const input = byId("file");
  FIRST_WORDS.heading = byId("bring-heading").textContent;
  FIRST_WORDS.lead = byId("bring-lead").textContent;
  input.addEventListener("change", () => {
    if (input.files.length > 0) onFile(input.files[0]);
    input.value = ""; // so that the same file can be chosen again
  });
  listenForDrops(onFile);
  document.addEventListener("paste", (event) => {
    const [file] = event.clipboardData?.files ?? [];
    if (file) onFile(file);
  });
  for (const sample of document.querySelectorAll("[data-sample]")) listenForSample(sample, onFile);
  byId("bring-afresh").addEventListener("click", onAfresh);
  return { choose: () => input.click(), showProblem, askFor, askForAny };
}

function listenForDrops(onFile) {
  const veil = byId("drop-veil");
  const carriesFile = (event) => event.dataTransfer?.types.includes("Files");
  document.addEventListener("dragover", (event) => {
    if (!carriesFile(event)) return;
    event.preventDefault();
    veil.hidden = false;
  });
  document.addEventListener("dragleave", (event) => {
    if (event.relatedTarget === null) veil.hidden = true;
  });
  document.addEventListener("drop", (event) => {
    veil.hidden = true;
    if (!carriesFile(event)) return;
    event.preventDefault();
    if (event.dataTransfer.files.length > 0) onFile(event.dataTransfer.files[0]);
  });
}

function listenForSample(link, onFile) {
  link.addEventListener("click", async (event) => {
    event.preventDefault();
    try {
      const names = [link.dataset.sample, link.dataset.testSample].filter(Boolean);
      onFile(...(await Promise.all(names.map((name) => fetchSample(new URL(name, link.href))))));
    } catch {
      showProblem("The sample picture did not arrive. Check the connection, then try again.");
    }
  });
}

/** @param {URL} url @returns {Promise<File>} */
async function fetchSample(url) {
  const response = await fetch(url);
  if (!response.ok) throw new Error(response.statusText);
  const blob = await response.blob();
  return new File([blob], url.pathname.split("/").pop(), { type: blob.type });
}

function showProblem(words) {
  writeProblem(byId("problem-file"), words);
  markInvalid(byId("file"), words !== "");
  if (words !== "") say(words);
}

/** A link leads to a picture that is no longer on the server: ask for that file. @param {string} name */
function askFor(name) {
  write(byId("bring-heading"), "Bring the picture of this link");
  write(
    byId("bring-lead"),
    `The server no longer has ${name || "this picture"}. Choose the same file to go on: every setting is kept.`,
  );
  byId("samples").hidden = true;
  byId("bring-afresh").hidden = false;
  say(byId("bring-lead").textContent);
}

function askForAny() {
  write(byId("bring-heading"), FIRST_WORDS.heading);
  write(byId("bring-lead"), FIRST_WORDS.lead);
  byId("samples").hidden = false;
  byId("bring-afresh").hidden = true;
  showProblem("");
}
