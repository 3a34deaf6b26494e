// One line of IRC as a value (RFC 1459 2.3.1, IRCv3 message tags).

const escapes = { ":": ";", s: " ", r: "\r", n: "\n", "\\": "\\" };
const escaped = { ";": "\\:", " ": "\\s", "\r": "\\r", "\n": "\\n", "\\": "\\\\" };

/**
 * @typedef {object} Message
 * @property {Map<string, string>} tags
 * @property {string} nick of who sent it; the name of a server has it too
 * @property {string} user
 * @property {string} host
 * @property {string} command in upper case
 * @property {string[]} params
 */

/** @returns {Message | null} null when `line` is none. */
export function parse(line) {
  const message = { tags: new Map(), nick: "", user: "", host: "", command: "", params: [] };
  let rest = line;
  if (rest.startsWith("@")) {
    const [tags, after] = cut(rest.slice(1));
    for (const tag of tags.split(";")) {
      const at = tag.indexOf("=");
      if (tag) message.tags.set(at < 0 ? tag : tag.slice(0, at), at < 0 ? "" : unescape(tag.slice(at + 1)));
    }
    rest = after;
  }
  if (rest.startsWith(":")) {
    const [source, after] = cut(rest.slice(1));
    const [name, host = ""] = split(source, "@");
    const [nick, user = ""] = split(name, "!");
    Object.assign(message, { nick, user, host });
    rest = after;
  }
  const [command, after] = cut(rest);
  if (!command) return null;
  message.command = command.toUpperCase();
  rest = after;
  while (rest) {
    if (rest.startsWith(":")) {
      message.params.push(rest.slice(1));
      break;
    }
    const [param, next] = cut(rest);
    message.params.push(param);
    rest = next;
  }
  return message;
}

/**
 * A line to send. The last parameter may hold spaces; line breaks would make two lines of it and become spaces.
 * @param {string} command
 * @param {string[]} params
 * @param {Record<string, string | undefined>} tags those without a value are left out
 */
export function format(command, params = [], tags = {}) {
  const tagged = Object.entries(tags)
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => (value === "" ? name : `${name}=${value.replace(/[; \r\n\\]/g, (c) => escaped[c])}`));
  const words = params.map((param, index) => {
    const text = String(param).replace(/[\r\n\0]+/g, " ");
    const isLast = index === params.length - 1;
    return isLast && (text === "" || text.startsWith(":") || text.includes(" ")) ? `:${text}` : text;
  });
  return (tagged.length ? `@${tagged.join(";")} ` : "") + [command, ...words].join(" ");
}

function cut(text) {
  const at = text.indexOf(" ");
  return at < 0 ? [text, ""] : [text.slice(0, at), text.slice(at + 1).replace(/^ +/, "")];
}

function split(text, mark) {
  const at = text.indexOf(mark);
  return at < 0 ? [text] : [text.slice(0, at), text.slice(at + 1)];
}

function unescape(value) {
  return value.replace(/\\(.?)/g, (_, c) => escapes[c] ?? c);
}
