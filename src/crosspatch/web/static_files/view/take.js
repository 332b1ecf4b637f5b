// The comparison to take away. In go the picture and its setup, out come files, a link and two command lines.

import { copy, listenForCopies } from "./copy.js";
import { byId, write, writeProblem } from "./dom.js";
import { saveAs } from "./save.js";
import { say } from "./status.js";
import { apiUrl, comparisonPath, fetchFile } from "../model/api.js";
import { toFlat, toFragment } from "../model/setup.js";

/** @import {Session} from "../model/session.js" */

const FORMATS = { json: "application/json", csv: "text/csv", html: "text/html" };

/** @param {Session} session */
export function createTake(session) {
  for (const format of Object.keys(FORMATS)) listenForSave(session, format);
  listenForCopies();
  byId("share").addEventListener("click", () => share(session));
  return {
    show() {
      const { picture, setup } = session;
      for (const format of Object.keys(FORMATS)) byId(`take-${format}`).href = apiUrl(pathOf(session, format));
      write(byId("take-link"), linkOf(session));
      write(byId("take-curl"), curlLine(picture.name, setup));
      write(byId("take-command"), commandLine(picture.name, setup));
    },
  };
}

// The page shows intervals, so the files and the lines ask for them.
const INTERVALS = ["intervals", "bootstrap"];

const pathOf = ({ picture, setup }, format) => comparisonPath(picture.id, [...toFlat(setup), INTERVALS], format);

/** @param {Session} session */
export function linkOf({ picture, setup }) {
  return new URL(`#${toFragment(picture.id, picture.name, setup)}`, location.href).href;
}

/** The link's own href works too; this way an expired picture is sent again first. */
function listenForSave(session, format) {
  const link = byId(`take-${format}`);
  link.addEventListener("click", async (event) => {
    event.preventDefault();
    writeProblem(byId("problem-take"), "");
    try {
      const file = await session.withPicture(() => fetchFile(pathOf(session, format)));
      saveAs(`${stem(session.picture.name)}-comparison.${format}`, file, FORMATS[format]);
    } catch (problem) {
      writeProblem(byId("problem-take"), problem.message);
      say(problem.message);
    }
  });
}

const stem = (name) => name.replace(/\.[^.]*$/, "") || "crosspatch";

async function share(session) {
  const url = linkOf(session);
  if (navigator.share && matchMedia("(pointer: coarse)").matches) {
    await navigator.share({ title: "Crosspatch", url }).catch(() => {});
    return;
  }
  byId("take-part").open ||= !navigator.clipboard;
  await copy(byId("take-link"), byId("share"));
}

/** @param {string} text as one word of a POSIX shell */
const shellWord = (text) => (/^[\w./:,=@+-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`);

/** A file name is data: a leading dash must not become an option. */
const asPath = (name) => (name.startsWith("-") ? `./${name}` : name);

function curlLine(name, setup) {
  const path = asPath(name).replaceAll(/["\\]/g, "\\$&");
  const fields = [`image=@"${path}"`, ...[...toFlat(setup), INTERVALS].map(([field, value]) => `${field}=${value}`)];
  const url = new URL(apiUrl("comparisons"), location.href).href;
  return ["curl", ...fields.map((field) => `-F ${shellWord(field)}`), shellWord(url)].join(" ");
}

function commandLine(name, setup) {
  const { truth, test } = setup;
  const options = [
    ["resize", `${setup.width}x${setup.height}`],
    ["rectangle", `${setup.rectangle_width}x${setup.rectangle_height}`],
    ...(truth && test ? [["truth", `${truth.x},${truth.y}`], ["test", `${test.x},${test.y}`]] : []),
    ["seed", setup.seed],
    ["channel", setup.channel],
    ["labels", setup.labels],
    INTERVALS,
  ];
  return ["crosspatch compare", shellWord(asPath(name)), ...options.map(([option, value]) => `--${option} ${value}`)].join(" ");
}
