// A menu at a button (WAI-ARIA menu button): arrows move, Escape closes and goes back.

import { h, icon } from "./dom.js";

/**
 * @param {HTMLElement} button
 * @param {{ icon: Parameters<typeof icon>[0], label: string, run(): void }[]} items
 * @param {Node} [extra] above them
 * @returns {() => void} closes it
 */
export function menu(button, items, extra) {
  const close = (isBack = false) => {
    element.remove();
    button.setAttribute("aria-expanded", "false");
    removeEventListener("pointerdown", outside, true);
    if (isBack) button.focus();
  };
  const outside = (event) => element.contains(event.target) || close();
  const element = h(
    "div.menu", {
      onkeydown: (event) => {
        const all = [...element.querySelectorAll("button")];
        const at = all.indexOf(document.activeElement);
        const move = { ArrowDown: 1, ArrowRight: 1, ArrowUp: -1, ArrowLeft: -1 }[event.key];
        if (event.key === "Escape") (event.stopPropagation(), close(true));
        if (event.key === "Tab") close();
        if (move) (event.preventDefault(), all[(at + move + all.length) % all.length].focus());
      },
    },
    extra, h("div", { role: "menu" }, ...items.map((item) => h("button.menu-item", { type: "button", role: "menuitem", onclick: () => (close(true), item.run()) }, icon(item.icon), item.label))),
  );
  document.querySelector("main").append(element);
  const box = button.getBoundingClientRect();
  element.style.setProperty("--x", `${Math.max(8, Math.min(box.right - element.offsetWidth, innerWidth - element.offsetWidth - 8))}px`);
  element.style.setProperty("--y", `${Math.max(8, Math.min(box.bottom + 4, innerHeight - element.offsetHeight - 8))}px`);
  button.setAttribute("aria-expanded", "true");
  addEventListener("pointerdown", outside, true);
  element.querySelector("[role=menuitem]")?.focus();
  return () => close(true);
}
