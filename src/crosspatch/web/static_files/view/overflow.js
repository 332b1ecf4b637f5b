// Whether a box that scrolls sideways holds more. In goes the box, out come classes that fade the edge beyond which it does.

const ROUNDING_PX = 1;

/** @param {HTMLElement} box */
export function cueOverflow(box) {
  const cue = () => {
    const hidden = box.scrollWidth - box.clientWidth;
    box.classList.toggle("has-more-before", box.scrollLeft > ROUNDING_PX);
    box.classList.toggle("has-more-after", box.scrollLeft < hidden - ROUNDING_PX);
  };
  box.addEventListener("scroll", cue, { passive: true });
  new ResizeObserver(cue).observe(box);
}
