// What the person chooses for this browser.

import { allow, subscribe, unsubscribe } from "../chat/notify.js";
import { settings } from "../chat/settings.js";
import { h } from "./dom.js";
import { dialog } from "./dialog.js";

export function showSettings(client) {
  const choice = (name, label, help) => {
    const box = h("input", { type: "checkbox", checked: settings.get(name), onchange: async () => {
      if (name === "notifications" && box.checked && !(await allow())) {
        box.checked = false;
        note.textContent = "The browser does not allow notifications for this page.";
      }
      settings.set(name, box.checked);
      if (name === "notifications") box.checked ? subscribe(client) : unsubscribe(client);
    } });
    return h("div", {}, h("label.check", {}, box, h("span", {}, label)), help && h("p.faint.small", {}, help));
  };
  const theme = h("select", { onchange: () => settings.set("theme", theme.value) }, ...["system", "light", "dark"].map((value) => h("option", { value, selected: settings.get("theme") === value }, { system: "As the device", light: "Light", dark: "Dark" }[value])));
  const note = h("p.error.small", { role: "alert" });
  dialog(
    "Settings", h("label.field", {}, "Appearance", theme), choice("notifications", "Notify me of messages for me"), note,
    choice("images", "Show pictures that are linked to", "The servers that have them learn your address."), choice("events", "Show who comes and goes"), choice("enterSends", "Enter sends; Shift and Enter begin a line"),
    h("h3", {}, "Keys"), h("ul.small", {}, h("li", {}, "Alt with ↑ and ↓: the conversation before and after"), h("li", {}, "Ctrl K: enter a channel"), h("li", {}, "Tab: completes a name or a command"), h("li", {}, "↑ in an empty field: edit what you said last"), h("li", {}, "↑ and ↓ among the messages: from one to the next; Enter: what can be done with it"), h("li", {}, "Esc among the messages: back to the field")),
  );
}
