// Finds messages on the server (soju.im/search).

import { loadOlder } from "../chat/history.js";
import { body } from "./message.js";
import { dateAndTime, h, isolated } from "./dom.js";
import { dialog } from "./dialog.js";

export function showSearch(client, page, words) {
  const { active } = client.chat;
  const input = h("input", { type: "search", value: words, required: true });
  const here = h("input", { type: "checkbox", checked: active?.kind !== "server" });
  const list = h("ol.rows");
  const note = h("p.faint.small", { role: "status" });
  const form = h(
    "form", { onsubmit: (event) => (event.preventDefault(), find()) },
    h("label.field", {}, "Words that a message has in it", input),
    active?.kind !== "server" && h("label.check", {}, here, h("span", {}, "Only in ", isolated(active.name))), h("div.buttons", {}, h("button.primary", { type: "submit" }, "Search")),
  );
  const window = dialog("Search", form, note, list);
  const find = async () => {
    if (!client.has("soju.im/search")) return (note.textContent = "This server cannot search.");
    const escape = (text) => text.replace(/[\\; ]/g, (c) => ({ "\\": "\\\\", ";": "\\:", " ": "\\s" })[c]);
    const parts = [`text=${escape(input.value.trim())}`, "limit=50"];
    if (here.checked && active?.kind !== "server") parts.push(`in=${escape(active.name)}`);
    note.textContent = "Searching…";
    try {
      const lines = await client.request("SEARCH", [parts.join(";")]);
      if (lines[0]?.command === "FAIL") return (note.textContent = lines[0].params.at(-1));
      const found = lines.filter((line) => ["PRIVMSG", "NOTICE"].includes(line.command)).reverse();
      note.textContent = found.length ? `${found.length} message${found.length === 1 ? "" : "s"}` : "Nothing was found.";
      list.replaceChildren(...found.map((line) => h("li", {}, h("button.row", { type: "button", onclick: () => go(line) }, h("strong", {}, isolated(line.nick)), h("span.faint.small", {}, ` ${line.params[0]}, ${dateAndTime(Date.parse(line.tags.get("time") ?? "") || Date.now())}`), h("div", {}, body(line.params[1] ?? ""))))));
    } catch (error) {
      note.textContent = error.message;
    }
  };
  const go = async (line) => {
    const [target] = line.params;
    const buffer = client.chat.open(client.chat.support.isChannel(target) || client.chat.isMe(line.nick) ? target : line.nick);
    window.close();
    page.open(buffer);
    // Goes back page by page until the message is there; a search leads far, but not without an end.
    for (let count = 0; count < 20 && !buffer.find(line.tags.get("msgid")) && buffer.hasOlder; count++) await loadOlder(client, buffer);
    setTimeout(() => page.messages.find(line.tags.get("msgid")), 100);
  };
  if (words) find();
  else input.focus();
}
