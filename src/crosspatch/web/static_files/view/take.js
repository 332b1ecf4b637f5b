// The comparison to take away. In go the picture and its setup, out come files, a link and two command lines.

import { copy, listenForCopies } from "./copy.js";
import { byId, write, writeProblem } from "./dom.js";
import { saveAs } from "./save.js";
import { say } from "./status.js";
import { apiUrl, comparisonPath, fetchFile } from "../model/api.js";
import { PAIRS } from "../model/chance.js";
import { rectangleSize, toFlat, toFragment, toQuery } from "../model/setup.js";

/** @import {Levels} from "../model/chance.js" */
/** @import {Session} from "../model/session.js" */

const FORMATS = { json: "application/json", csv: "text/csv", html: "text/html" };

/** @param {Session} session */
export function createTake(session) {
  for (const format of Object.keys(FORMATS)) listenForSave(session, format);
  listenForCopies();
  byId("share").addEventListener("click", () => share(session));
  return {
    show() {
      for (const format of Object.keys(FORMATS)) byId(`take-${format}`).href = apiUrl(pathOf(session, format));
      write(byId("take-link"), linkOf(session));
      write(byId("take-curl"), curlLine(session));
      write(byId("take-command"), commandLine(session));
      write(byId("take-baseline"), baselineLine(session));
    },
    /** @param {Levels | null} levels offered as a file when they are whole */
    showChance(levels) {
      const button = byId("take-chance");
      button.setAttribute("aria-disabled", String(!levels?.answer));
      button.onclick = () => levels?.answer && saveAs(`${stem(session.picture.name)}-chance.json`, JSON.stringify(levels.answer, null, 2), FORMATS.json);
      write(byId("take-baseline"), baselineLine(session, levels));
    },
  };
}

/** What is taken away holds the intervals that the page shows. */
const INTERVALS = ["intervals", "bootstrap"];

function pathOf({ picture, testPicture, setup }, format) {
  const names = [["name", picture.name], ...(testPicture ? [["test_name", testPicture.name]] : [])];
  return comparisonPath([...toQuery(setup), INTERVALS, ...(format === "html" ? names : [])], format);
}

/** @param {Session} session */
export function linkOf({ picture, testPicture, setup, isDisjoint }) {
  return new URL(`#${toFragment(setup, picture.name, testPicture?.name, isDisjoint)}`, location.href).href;
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

/** Names of classes are text of any kind: as plain form fields, those with "@" or "<" would name files to send. */
const fieldOption = (field) => (field === "class_names" ? "--form-string" : "-F");

function curlLine({ picture, testPicture, setup }) {
  const file = (field, name) => [field, `@"${asPath(name).replaceAll(/["\\]/g, "\\$&")}"`];
  const files = [file("image", picture.name), ...(testPicture ? [file("test_image", testPicture.name)] : [])];
  const fields = [...files, ...toFlat(setup), INTERVALS].map(([field, value]) => `${fieldOption(field)} ${shellWord(`${field}=${value}`)}`);
  const url = new URL(apiUrl("comparisons"), location.href).href;
  return ["curl", ...fields, shellWord(url)].join(" ");
}

const commandLine = (session) => commandOf("compare", session, [INTERVALS]);

/** @param {Session} session @param {Levels | null} [levels] */
function baselineLine(session, levels = null) {
  const isDisjoint = session.isDisjoint && session.testPicture === null;
  return commandOf("baseline", session, [["pairs", levels?.pairs ?? PAIRS], ...(isDisjoint ? [["disjoint"]] : [])]);
}

/** @param {[string, (string | number)?][]} more options, those without a value too */
function commandOf(command, { picture, testPicture, setup }, more) {
  const { truth, test, whole, labels, class_names } = setup;
  const rectangle = rectangleSize(setup);
  const options = [
    ["resize", `${setup.width}x${setup.height}`],
    ...(whole ? [] : [["rectangle", `${rectangle.width}x${rectangle.height}`]]),
    ...(truth && !whole ? [["truth", `${truth.x},${truth.y}`]] : []),
    ...(test ? [["test", `${test.x},${test.y}`]] : []),
    ["seed", setup.seed],
    ["channel", setup.channel],
    ...(labels === null ? [] : [["labels", labels]]),
    ...setup.ignore.map((level) => ["ignore", level]),
    // The command reads names from a file; bash and zsh make one of what printf writes.
    ...(class_names.length > 0 ? [["class-names", `<(printf '%s\\n' ${class_names.map(shellWord).join(" ")})`]] : []),
    ...more,
  ];
  const names = [picture, testPicture].filter(Boolean).map(({ name }) => shellWord(asPath(name)));
  return [`crosspatch ${command}`, ...names, ...options.map(([option, ...value]) => [`--${option}`, ...value].join(" "))].join(" ");
}
