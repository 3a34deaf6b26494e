// Batches (IRCv3 batch): lines between `BATCH +x type …` and `BATCH -x` belong together; batches may be in batches.

/**
 * @typedef {{ type: string, params: string[], tags: Map<string, string>, lines: import("./message.js").Message[], parent?: Batch }} Batch
 */

export class Batches {
  /** @type {Map<string, Batch>} */
  #open = new Map();

  /**
   * @param {import("./message.js").Message} message
   * @returns {{ line?: import("./message.js").Message, batch?: Batch } } what is complete now: a line outside of all batches, or an
   *   outermost batch that has ended. A batch within another stands among its lines as `{ batch }`.
   */
  receive(message) {
    const parent = this.#open.get(message.tags.get("batch") ?? "");
    if (message.command === "BATCH") {
      const reference = message.params[0] ?? "";
      if (reference.startsWith("+")) {
        this.#open.set(reference.slice(1), { type: message.params[1] ?? "", params: message.params.slice(2), tags: message.tags, lines: [], parent });
        return {};
      }
      const batch = this.#open.get(reference.slice(1));
      this.#open.delete(reference.slice(1));
      if (!batch) return {};
      if (!batch.parent) return { batch };
      batch.parent.lines.push({ ...message, batch });
      return {};
    }
    if (!parent) return { line: message };
    parent.lines.push(message);
    return {};
  }

  clear() {
    this.#open.clear();
  }
}

/** A message in several lines (draft/multiline) as one line with line breaks in its text; null when it is empty. */
export function joined(batch) {
  const [first] = batch.lines;
  if (!first) return null;
  let text = "";
  batch.lines.forEach((line, index) => {
    if (index > 0 && !line.tags.has("draft/multiline-concat")) text += "\n";
    text += line.params[1] ?? "";
  });
  return { ...first, tags: new Map([...first.tags, ...batch.tags]), params: [batch.params[0], text] };
}
