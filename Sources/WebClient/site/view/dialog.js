// A window over the page: named, closed with Escape, and giving the focus back to where it was (the <dialog> element does all three).

import { h, iconButton } from "./dom.js";

/**
 * @param {string} title
 * @param {...(Node | string)} content
 * @returns {{ element: HTMLDialogElement, body: HTMLElement, close(): void }}
 */
export function dialog(title, ...content) {
  const body = h("div.dialog-body", {}, ...content);
  const close = () => element.close();
  const heading = h("h2", { id: `dialog-${crypto.randomUUID()}` }, title);
  const element = h(
    "dialog", { "aria-labelledby": heading.id, onclose: () => element.remove(), onclick: (event) => event.target === element && close() },
    h("div.dialog-frame", {}, h("header.dialog-head", {}, heading, iconButton("close", "Close", close)), body),
  );
  document.body.append(element);
  element.showModal();
  return { element, body, close };
}

/** Asks before something is lost. @returns {Promise<boolean>} */
export function confirm(title, text, action) {
  return new Promise((resolve) => {
    let answer = false;
    const yes = h("button.danger", { type: "button", onclick: () => ((answer = true), window.close()) }, action);
    const no = h("button", { type: "button", onclick: () => window.close() }, "Cancel");
    const window = dialog(title, h("p", {}, text), h("div.buttons", {}, no, yes));
    window.element.addEventListener("close", () => resolve(answer));
    no.focus();
  });
}

/** Asks for one line of text. @returns {Promise<string | null>} null when it was closed without. */
export function ask(title, label, action, value = "") {
  return new Promise((resolve) => {
    let answer = null;
    const input = h("input", { value, autocapitalize: "none", autocomplete: "off", spellcheck: false, required: true });
    const form = h(
      "form", { onsubmit: (event) => (event.preventDefault(), (answer = input.value.trim()), window.close()) },
      h("label.field", {}, label, input), h("div.buttons", {}, h("button.primary", { type: "submit" }, action)),
    );
    const window = dialog(title, form);
    window.element.addEventListener("close", () => resolve(answer));
    input.select();
  });
}
