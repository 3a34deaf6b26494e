// What the server told with 005: how names compare, which prefixes there are, how long things may be.

export class Support {
  #values = new Map([
    ["CASEMAPPING", "ascii"],
    ["CHANTYPES", "#"],
    ["PREFIX", "(qaohv)~&@%+"],
    ["CHANMODES", "Ibe,k,l,imnpst"],
  ]);

  /** @param {string[]} params of 005, without the nickname and the text. */
  learn(params) {
    for (const token of params) {
      if (token.startsWith("-")) {
        this.#values.delete(token.slice(1));
        continue;
      }
      const at = token.indexOf("=");
      const value = at < 0 ? "" : token.slice(at + 1);
      this.#values.set(at < 0 ? token : token.slice(0, at), value.replace(/\\x([0-9A-Fa-f]{2})/g, (_, hex) => String.fromCharCode(parseInt(hex, 16))));
    }
  }

  get(name) {
    return this.#values.get(name);
  }

  number(name, otherwise) {
    const value = Number(this.#values.get(name));
    return Number.isInteger(value) && value > 0 ? value : otherwise;
  }

  /** Names that fold to the same text are one name. */
  fold(name) {
    const lower = name.toLowerCase();
    return this.get("CASEMAPPING")?.startsWith("rfc1459") ? lower.replace(/[[\]\\~]/g, (c) => ({ "[": "{", "]": "}", "\\": "|", "~": "^" })[c]) : lower;
  }

  same(one, other) {
    return this.fold(one) === this.fold(other);
  }

  isChannel(name) {
    return name !== "" && (this.get("CHANTYPES") ?? "#").includes(name[0]);
  }

  /** Prefixes from the highest rank down, as in `~&@%+`. */
  get prefixes() {
    return /\)(.*)$/.exec(this.get("PREFIX") ?? "")?.[1] ?? "";
  }

  /** The mode letters of the prefixes, in the same order. */
  get prefixModes() {
    return /^\((.*)\)/.exec(this.get("PREFIX") ?? "")?.[1] ?? "";
  }

  /** Reads `+ov alice bob`: each change of a mode that gives somebody a prefix. */
  *prefixChanges(modes, params) {
    const [lists = "", always = "", whenSet = ""] = (this.get("CHANMODES") ?? "").split(",");
    let adds = true;
    let next = 0;
    for (const letter of modes) {
      const at = this.prefixModes.indexOf(letter);
      if (letter === "+" || letter === "-") adds = letter === "+";
      else if (at >= 0) yield { adds, prefix: this.prefixes[at], nick: params[next++] ?? "" };
      else if (lists.includes(letter) || always.includes(letter) || (adds && whenSet.includes(letter))) next++;
    }
  }
}
