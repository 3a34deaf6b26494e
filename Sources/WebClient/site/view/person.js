// What the server tells about somebody (WHOIS).

import { dateAndTime, h, isolated } from "./dom.js";
import { dialog } from "./dialog.js";

const labels = { 311: "Name", 312: "Server", 313: "Operator", 317: "Idle", 319: "Channels", 320: "Identity", 330: "Account", 335: "Bot", 338: "Address", 378: "Connects from", 379: "Modes", 301: "Away", 671: "Connection", 276: "Certificate" };

export async function showPerson(client, page, nick) {
  const list = h("dl.facts", {}, h("dt", {}, ""), h("dd", {}, "Loading…"));
  const window = dialog(nick, list, h("div.buttons", {}, h("button.primary", { type: "button", onclick: () => (window.close(), page.open(client.chat.open(nick))) }, "Write to them")));
  try {
    const lines = await client.request("WHOIS", [nick]);
    const facts = lines.filter((line) => labels[line.command] ?? line.command === "401").flatMap((line) => [h("dt", {}, labels[line.command] ?? "Nobody"), h("dd", {}, isolated(fact(line)))]);
    list.replaceChildren(...facts);
  } catch (error) {
    list.replaceChildren(h("dt", {}, ""), h("dd", {}, error.message));
  }
}

function fact({ command, params }) {
  const rest = params.slice(2);
  switch (command) {
    case "311":
      return `${rest.at(-1)} (${rest[0]}@${rest[1]})`;
    case "317":
      return `${duration(Number(rest[0]))}; here since ${dateAndTime(Number(rest[1]) * 1000)}`;
    case "330":
      return rest[0];
    default:
      return rest.join(" ");
  }
}

function duration(seconds) {
  const units = [[86_400, "day"], [3600, "hour"], [60, "minute"], [1, "second"]];
  const [size, name] = units.find(([size]) => seconds >= size) ?? [1, "second"];
  const count = Math.floor(seconds / size);
  return `${count} ${name}${count === 1 ? "" : "s"}`;
}
