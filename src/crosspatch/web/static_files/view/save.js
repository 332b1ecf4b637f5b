// A file for the user to keep. In go a name and content, out comes a download.

import { make } from "./dom.js";

/** @param {string} name @param {BlobPart} content @param {string} type */
export function saveAs(name, content, type) {
  const url = URL.createObjectURL(new Blob([content], { type }));
  make("a", "", { href: url, download: name }).click();
  setTimeout(() => URL.revokeObjectURL(url), 1000);
}
