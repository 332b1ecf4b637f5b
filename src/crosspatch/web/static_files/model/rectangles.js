// Where rectangles are and what they share. In go places and sizes in whole pixels, out come places and areas.

/** @typedef {{x: number, y: number}} Place the top left corner, in whole pixels of the resized picture */
/** @typedef {{width: number, height: number}} Size */
/** @typedef {{overlaps: boolean, area_px: number, percent: number, iou: number}} Overlap */
/** @typedef {"truth" | "test"} Role */

/** @type {readonly Role[]} */
export const ROLES = Object.freeze(["truth", "test"]);

/** The nearest place at which a rectangle of that size lies inside the picture.
 * @param {Place} place @param {Size} rectangle @param {Size} picture @returns {Place} */
export function inside(place, rectangle, picture) {
  return {
    x: Math.max(0, Math.min(Math.round(place.x), picture.width - rectangle.width)),
    y: Math.max(0, Math.min(Math.round(place.y), picture.height - rectangle.height)),
  };
}

/** The place that puts the rectangle's centre there.
 * @param {Place} centre @param {Size} rectangle @returns {Place} */
export function centredOn(centre, rectangle) {
  return { x: centre.x - rectangle.width / 2, y: centre.y - rectangle.height / 2 };
}

/** What two rectangles of one size share, as the server computes it; drawn here so that it never waits for an answer.
 * @param {Place} a @param {Place} b @param {Size} rectangle @returns {Overlap} */
export function overlap(a, b, { width, height }) {
  const shared = sharedRectangle(a, b, { width, height });
  const area_px = shared === null ? 0 : shared.width * shared.height;
  const area = width * height;
  return { overlaps: area_px > 0, area_px, percent: (100 * area_px) / area, iou: area_px / (2 * area - area_px) };
}

/** The rectangle that both cover, or null when they touch or lie apart.
 * @param {Place} a @param {Place} b @param {Size} rectangle @returns {(Place & Size) | null} */
export function sharedRectangle(a, b, { width, height }) {
  const shared = { width: width - Math.abs(a.x - b.x), height: height - Math.abs(a.y - b.y) };
  if (shared.width <= 0 || shared.height <= 0) return null;
  return { x: Math.max(a.x, b.x), y: Math.max(a.y, b.y), ...shared };
}

/** The same relative place in a picture of another size.
 * @param {Place} place @param {Size} from @param {Size} to @returns {Place} */
export function carriedOver(place, from, to) {
  return { x: (place.x * to.width) / from.width, y: (place.y * to.height) / from.height };
}
