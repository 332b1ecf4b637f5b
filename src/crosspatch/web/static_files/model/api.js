// The server, as functions. In go pictures and requests, out come its answers, or a Problem in its words.

import { readLines } from "./lines.js";

const API = "api/v1";

/** What the server, or the way to it, has against a request. `kind` is the end of the problem's type. */
export class Problem extends Error {
  /** @param {{kind: string, detail: string, status?: number, errors?: {field: string, detail: string}[],
   *   retryAfter_s?: number}} what */
  constructor({ kind, detail, status = 0, errors = [], retryAfter_s = 1 }) {
    super(detail);
    Object.assign(this, { kind, status, errors, retryAfter_s });
  }

  get isGone() {
    return this.kind === "image-expired" || this.kind === "unknown-image";
  }

  get isBusy() {
    return this.status === 429;
  }

  get isAboutTheRequest() {
    return this.status === 400 || this.status === 422;
  }
}

const unreachable = () =>
  new Problem({ kind: "unreachable", detail: "The server does not answer. Check the connection, then try again." });

/** @param {number} status @param {string} body @param {string | null} retryAfter */
function problemOf(status, body, retryAfter) {
  try {
    return problemSaid(JSON.parse(body), status, retryAfter);
  } catch {
    return problemSaid({}, status, retryAfter); // not every refusal comes from our server: a proxy may answer in HTML
  }
}

function problemSaid(said, status, retryAfter = null) {
  return new Problem({
    kind: String(said.type ?? "").split("/").pop(),
    detail: said.detail || said.title || `The server refused with status ${status}.`,
    status,
    errors: said.errors,
    retryAfter_s: Number(retryAfter) || 1,
  });
}

async function ask(path, options = {}) {
  const response = await fetch(`${API}/${path}`, options).catch((error) => {
    throw error.name === "AbortError" ? error : unreachable();
  });
  if (response.ok) return response;
  throw problemOf(response.status, await response.text(), response.headers.get("Retry-After"));
}

const askJson = async (path, options) => (await ask(path, options)).json();

/** Every metric the server knows, with all that is said of it. */
export const fetchCatalogue = () => askJson("metrics");

/** @param {string} id */
export const describeImage = (id) => askJson(`images/${id}`);

/** @param {string} id */
export const removeImage = (id) => ask(`images/${id}`, { method: "DELETE" });

/** @param {object} request @param {AbortSignal} signal @returns {Promise<object>} a report */
export function compare(request, signal) {
  const headers = { "Content-Type": "application/json" };
  return askJson("comparisons", { method: "POST", headers, body: JSON.stringify(request), signal });
}

/** What chance gives, line by line while it grows; the last line is the whole answer.
 * @param {object} request @param {AbortSignal} signal @param {(line: object) => void} onLine */
export async function fetchBaseline(request, signal, onLine) {
  const headers = { "Content-Type": "application/json", Accept: "application/x-ndjson" };
  const response = await ask("baselines", { method: "POST", headers, body: JSON.stringify(request), signal });
  let last = null;
  const take = (line) => {
    if (line.metrics === undefined) throw problemSaid(line, line.status); // it failed midway
    onLine(line);
    last = line;
  };
  await readLines(response.body, take).catch((error) => {
    throw error instanceof TypeError ? unreachable() : error;
  });
  if (!last?.chance) throw unreachable();
}

/** Where a comparison can be fetched as a file. @param {[string, string][]} query @param {string} format */
export const comparisonPath = (query, format) => `comparisons?${new URLSearchParams([...query, ["format", format]])}`;

/** Where the resized picture is, for eyes.
 * @param {string} image @param {{width: number, height: number}} [size] @param {string} [labels] */
export const renditionUrl = (image, size, labels) =>
  `${API}/images/${image}/rendition?${new URLSearchParams({ ...size, ...(labels === "values" ? { labels } : {}) })}`;

/** The grey levels that are compared, one byte a pixel, row by row. @returns {Promise<Uint8Array>} */
export async function fetchLevels(image, { width, height, channel, labels }) {
  const query = new URLSearchParams({ width, height, channel, labels, format: "raw" });
  return new Uint8Array(await (await ask(`images/${image}/rendition?${query}`)).arrayBuffer());
}

/** @param {string} path from comparisonPath @returns {Promise<Blob>} */
export const fetchFile = async (path) => (await ask(path)).blob();

export const apiUrl = (path) => `${API}/${path}`;

/** Send a picture. XMLHttpRequest, because fetch tells nothing of how much has left.
 * @param {File} file @param {{onProgress?: (share: number) => void, signal?: AbortSignal}} [options]
 * @returns {Promise<object>} the server's description of the picture */
export function uploadImage(file, { onProgress = () => {}, signal } = {}) {
  signal?.throwIfAborted();
  const form = new FormData();
  form.set("image", file, file.name);
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open("POST", `${API}/images`);
    request.upload.onprogress = ({ loaded, total }) => onProgress(total > 0 ? loaded / total : 0);
    request.onload = () => {
      const { status, responseText } = request;
      if (status >= 200 && status < 300) resolve(JSON.parse(responseText));
      else reject(problemOf(status, responseText, request.getResponseHeader("Retry-After")));
    };
    request.onerror = () => reject(unreachable());
    request.onabort = () => reject(new DOMException("The upload was cancelled.", "AbortError"));
    signal?.addEventListener("abort", () => request.abort());
    request.send(form);
  });
}
