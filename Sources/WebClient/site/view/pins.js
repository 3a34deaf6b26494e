// The pinned messages of a channel.

import { body } from "./message.js";
import { dateAndTime, h, isolated } from "./dom.js";
import { dialog } from "./dialog.js";

export async function showPins(client, page) {
  const buffer = client.chat.active;
  if (buffer?.kind !== "channel") return;
  const list = h("ul.rows", {}, h("li", {}, "Loading…"));
  const window = dialog(`Pinned in ${buffer.name}`, list);
  try {
    const response = await fetch(`/api/v1/channels/${encodeURIComponent(buffer.name)}/pins`, { headers: client.chat.bearer ? { Authorization: `Bearer ${client.chat.bearer}` } : {}, signal: AbortSignal.timeout(30_000) });
    if (!response.ok) throw new Error("The pinned messages could not be read.");
    const { pins = [] } = await response.json();
    buffer.pins = pins.map((pin) => ({ id: pin.msgid }));
    list.replaceChildren(...pins.map((pin) => h("li", {}, h("button.row", { type: "button", onclick: () => page.messages.find(pin.msgid) && window.close() }, h("strong", {}, isolated(pin.from)), h("span.faint.small", {}, ` ${dateAndTime(Date.parse(pin.timestamp))}`), h("div", {}, body(pin.text))))));
    if (!pins.length) list.replaceChildren(h("li.faint", {}, "Nothing is pinned here."));
  } catch (error) {
    list.replaceChildren(h("li.error", {}, error.message));
  }
}
