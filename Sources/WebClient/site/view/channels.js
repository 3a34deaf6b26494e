// The channels of the server, to enter one of them.

import { h, isolated } from "./dom.js";
import { dialog } from "./dialog.js";

/** So many are shown; the filter finds the others. */
const most = 200;

export function showChannels(client, page, mask = "") {
  const list = h("ul.rows");
  const note = h("p.faint.small", { role: "status" }, "Loading…");
  let found = [];
  const enter = (name) => {
    window.close();
    const buffer = client.chat.find(name);
    if (buffer?.isJoined) return page.open(buffer);
    client.wanted = client.chat.support.fold(name);
    client.send("JOIN", [name]);
  };
  const input = h("input", { type: "search", value: mask, placeholder: "#channel", autocapitalize: "none", spellcheck: false, oninput: () => fill() });
  const fill = () => {
    const wanted = input.value.trim().toLowerCase();
    const fitting = found.filter(({ name, topic }) => (name + topic).toLowerCase().includes(wanted));
    note.textContent = fitting.length > most ? `The ${most} largest of ${fitting.length}` : fitting.length ? "" : "No channel like that: press Enter to open it.";
    list.replaceChildren(...fitting.slice(0, most).map(({ name, count, topic }) => h("li", {}, h("button.row", { type: "button", onclick: () => enter(name) }, h("strong", {}, isolated(name)), h("span.faint", {}, ` ${count} `), h("span.row-text", {}, isolated(topic))))));
  };
  const form = h("form", { onsubmit: (event) => {
    event.preventDefault();
    const typed = input.value.trim();
    if (typed) enter(client.chat.support.isChannel(typed) ? typed : `#${typed}`);
  } }, h("label.field", {}, "Enter a channel", input));
  const window = dialog("Channels", form, note, list);
  input.focus();
  client.request("LIST").then((lines) => {
    found = lines.filter((line) => line.command === "322").map(({ params: [, name, count, topic = ""] }) => ({ name, count: Number(count), topic })).sort((one, other) => other.count - one.count);
    fill();
  }, (error) => (note.textContent = error.message));
}
