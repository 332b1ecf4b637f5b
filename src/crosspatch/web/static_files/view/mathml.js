// A formula in print. In goes the catalogue's plain data, out comes a math element of tags that are known, text as text.

const MATHML = "http://www.w3.org/1998/Math/MathML";
const TAGS = ["mfrac", "mi", "mn", "mo", "mrow", "msqrt", "msub", "msubsup", "msup", "mtext", "munder"];
const ATTRIBUTES = ["linethickness", "lspace", "rspace"];

/** @param {any[]} node a tag, its attributes if it has any, then children or text @returns {MathMLElement} */
export function mathOf(node) {
  const math = document.createElementNS(MATHML, "math");
  math.setAttribute("display", "block");
  math.append(elementOf(node));
  return math;
}

function elementOf([tag, ...content]) {
  const element = document.createElementNS(MATHML, known(tag, TAGS));
  for (const part of content) {
    if (typeof part === "string") element.append(part);
    else if (Array.isArray(part)) element.append(elementOf(part));
    else for (const [name, value] of Object.entries(part)) element.setAttribute(known(name, ATTRIBUTES), value);
  }
  return element;
}

function known(name, names) {
  if (!names.includes(name)) throw new Error(`formulas have no ${name}`);
  return name;
}
