// Formatting codes of IRC (modern.ircdocs.horse/formatting) and links, as a list of pieces. No markup is made here.

const codes = /\x03(\d{1,2}(?:,\d{1,2})?)?|\x04(?:[0-9A-Fa-f]{6}(?:,[0-9A-Fa-f]{6})?)?|[\x02\x0F\x11\x16\x1D\x1E\x1F]/g;
const link = /\bhttps?:\/\/[^\s<>"'\x00-\x1F]+/gi;
const toggles = { "\x02": "bold", "\x1D": "italic", "\x1F": "underline", "\x1E": "strike", "\x11": "mono" };

/**
 * @typedef {object} Piece
 * @property {string} text
 * @property {string[]} styles some of bold, italic, underline, strike, mono
 * @property {string} [href] an http or https address
 */

/** @returns {Piece[]} */
export function pieces(text) {
  const result = [];
  let styles = new Set();
  let from = 0;
  const add = (piece) => {
    if (!piece) return;
    for (const part of linked(piece)) result.push({ ...part, styles: [...styles] });
  };
  for (const match of text.matchAll(codes)) {
    add(text.slice(from, match.index));
    from = match.index + match[0].length;
    const style = toggles[match[0]];
    if (style) styles.has(style) ? styles.delete(style) : styles.add(style);
    else if (match[0] === "\x0F") styles = new Set();
  }
  add(text.slice(from));
  return result;
}

/** The text alone. */
export function plain(text) {
  return text.replace(codes, "");
}

function* linked(text) {
  let from = 0;
  for (const match of text.matchAll(link)) {
    // What ends a sentence is not part of the address, nor is the bracket that was opened before it.
    let address = match[0].replace(/[.,;:!?]+$/, "");
    if (address.endsWith(")") && !address.includes("(")) address = address.slice(0, -1);
    if (!URL.canParse(address)) continue;
    if (match.index > from) yield { text: text.slice(from, match.index) };
    yield { text: address, href: address };
    from = match.index + address.length;
  }
  if (from < text.length) yield { text: text.slice(from) };
}
