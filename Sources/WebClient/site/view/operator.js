// For those who operate the server. Everything here goes through the REST interface.

import { command } from "../session/api.js";
import { dialog } from "./dialog.js";
import { h, isolated } from "./dom.js";

/** What the operator reads, each by a command of a service. */
const views = [
  { label: "At a glance", service: "operserv", command: "STATUS" },
  { label: "People", service: "operserv", command: "CLIENTS" },
  { label: "Channels", service: "operserv", command: "CHANNELS" },
  { label: "Bans", service: "operserv", command: "BAN LIST" },
  { label: "What operators did", service: "operserv", command: "AUDIT" },
  { label: "Accounts", service: "nickserv", command: "LIST" },
  { label: "Registered channels", service: "chanserv", command: "LIST" },
  { label: "Invite codes", service: "nickserv", command: "INVITECODE LIST" },
  { label: "Closed names", service: "chanserv", command: "PURGE LIST" },
];

export function showOperator(client) {
  const output = h("pre.output", { role: "log", tabIndex: 0, "aria-label": "Answers" });
  const say = (lines) => output.replaceChildren(...lines.map((line) => h("div", {}, isolated(line))));
  const give = async (service, text) => {
    output.textContent = "…";
    try {
      say(await command(client, service, text));
    } catch (error) {
      say([error.message]);
    }
  };
  const show = (view) => {
    for (const button of buttons) button.setAttribute("aria-pressed", String(button.textContent === view.label));
    return give(view.service, view.command);
  };
  const buttons = views.map((view) => h("button", { type: "button", "aria-pressed": false, onclick: () => show(view) }, view.label));
  const service = h("select", { "aria-label": "Service" }, ...["operserv", "nickserv", "chanserv", "hostserv", "histserv"].map((value) => h("option", { value }, value)));
  const line = h("input", { placeholder: "HELP", autocapitalize: "none", spellcheck: false, "aria-label": "Command" });
  const form = h("form.inline", { onsubmit: (event) => {
    event.preventDefault();
    for (const button of buttons) button.setAttribute("aria-pressed", "false");
    give(service.value, line.value || "HELP");
  } }, service, line, h("button.primary", { type: "submit" }, "Give"));
  dialog("Operate the server", h("div.buttons", { role: "group", "aria-label": "Views" }, ...buttons), form, output).element.classList.add("broad");
  show(views[0]);
}
