// Makes elements. Text stays text: nothing in this page parses markup.

/**
 * @param {string} kind `tag.class.class`
 * @param {Record<string, unknown>} [properties] `on…` adds a listener, `aria-…`, `data-…` and `role` set attributes, others properties
 * @param {...(Node | string | null | undefined | false)} children
 */
export function h(kind, properties = {}, ...children) {
  const [tag, ...classes] = kind.split(".");
  const element = document.createElement(tag);
  if (classes.length) element.className = classes.join(" ");
  for (const [name, value] of Object.entries(properties)) {
    if (value === undefined || value === null) continue;
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else if (/^(aria-|data-)|^role$|^for$/.test(name)) element.setAttribute(name, String(value));
    else element[name] = value;
  }
  element.append(...children.filter((child) => child || child === ""));
  return element;
}

/** Runs `body` again and again, until `signal` is aborted. */
export function every(milliseconds, body, signal) {
  const timer = setInterval(body, milliseconds);
  signal.addEventListener("abort", () => clearInterval(timer), { once: true });
}

/** Tells when the size of `element` changes, until `signal` is aborted. */
export function watchSize(element, changed, signal) {
  const observer = new ResizeObserver(changed);
  observer.observe(element);
  signal.addEventListener("abort", () => observer.disconnect(), { once: true });
}

const space = "http://www.w3.org/2000/svg";
const shapes = {
  menu: "M4 6h16M4 12h16M4 18h16",
  people: "M9 11a4 4 0 1 0 0-8 4 4 0 0 0 0 8Zm-7 10c0-4 3-6 7-6s7 2 7 6M17 4a4 4 0 0 1 0 7m2 4c2 1 3 3 3 6",
  search: "M10 17a7 7 0 1 0 0-14 7 7 0 0 0 0 14Zm5-2 6 6",
  send: "M4 12 20 4l-5 16-4-7-7-1Z",
  close: "M6 6l12 12M18 6 6 18",
  reply: "M10 8 5 12l5 4m-5-4h9c3 0 5 2 5 6",
  edit: "M4 20l1-5L16 4l4 4L9 19l-5 1Z",
  trash: "M5 7h14M10 7V4h4v3m-7 0 1 13h8l1-13",
  smile: "M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18Zm-4-7c2 3 6 3 8 0M9 9v1m6-1v1",
  pin: "M9 3h6l-1 7 3 3H7l3-3-1-7Zm3 10v8",
  more: "M5 11.5v1M12 11.5v1M19 11.5v1",
  gear: "M12 15a3 3 0 1 0 0-6 3 3 0 0 0 0 6Zm0-12v3m0 12v3m9-9h-3M6 12H3m15.4-6.4-2.1 2.1M7.7 16.3l-2.1 2.1m12.8 0-2.1-2.1M7.7 7.7 5.6 5.6",
  person: "M12 12a4 4 0 1 0 0-8 4 4 0 0 0 0 8Zm-8 9c0-4 4-6 8-6s8 2 8 6",
  plus: "M12 5v14M5 12h14",
  down: "M12 5v14m-6-6 6 6 6-6",
  check: "M4 12l5 5L20 6",
  tower: "M12 3l8 4v5c0 5-3 8-8 9-5-1-8-4-8-9V7l8-4Z",
};

/** A drawing that readers of the screen skip. */
export function icon(name) {
  const svg = document.createElementNS(space, "svg");
  const path = document.createElementNS(space, "path");
  for (const [key, value] of Object.entries({ viewBox: "0 0 24 24", "aria-hidden": "true", class: "icon" })) svg.setAttribute(key, value);
  path.setAttribute("d", shapes[name]);
  svg.append(path);
  return svg;
}

/** A button that shows a drawing only; `label` is what it is called. */
export function iconButton(name, label, onclick, properties = {}) {
  return h("button.icon-button", { type: "button", "aria-label": label, title: label, onclick, ...properties }, icon(name));
}

const times = new Intl.DateTimeFormat(undefined, { hour: "2-digit", minute: "2-digit" });
const days = new Intl.DateTimeFormat(undefined, { weekday: "long", day: "numeric", month: "long", year: "numeric" });
const both = new Intl.DateTimeFormat(undefined, { dateStyle: "medium", timeStyle: "short" });

export const time = (milliseconds) => times.format(milliseconds);
export const day = (milliseconds) => days.format(milliseconds);
export const dateAndTime = (milliseconds) => both.format(milliseconds);

/** One of sixteen colours, the same for a name everywhere. */
export function colour(name) {
  let sum = 0;
  for (const c of name.toLowerCase()) sum = Math.imul(sum ^ c.codePointAt(0), 0x9e3779b1) ^ (sum >>> 15);
  return `nick-${sum >>> 28}`;
}

/** What somebody wrote, without marks that would turn the text around it (Unicode bidi). */
export function isolated(text) {
  return h("bdi", {}, text);
}
