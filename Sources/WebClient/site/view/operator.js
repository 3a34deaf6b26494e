// For those who operate the server. Everything here goes through the REST interface.

import { api, command } from "../session/api.js";
import { dialog } from "./dialog.js";
import { h, isolated } from "./dom.js";

/** What the operator reads, each by a command of a service. */
const views = [
  { label: "Accounts", service: "nickserv", command: "LIST" },
  { label: "Channels", service: "chanserv", command: "LIST" },
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
  const service = h("select", { "aria-label": "Service" }, ...["nickserv", "chanserv", "hostserv", "histserv"].map((value) => h("option", { value }, value)));
  const line = h("input", { placeholder: "HELP", autocapitalize: "none", spellcheck: false, "aria-label": "Command" });
  dialog(
    "Operate the server",
    h("div.buttons", {}, ...views.map((view) => h("button", { type: "button", onclick: () => give(view.service, view.command) }, view.label))),
    h("form.inline", { onsubmit: (event) => (event.preventDefault(), give(service.value, line.value || "HELP")) }, service, line, h("button.primary", { type: "submit" }, "Give")),
    output,
  );
}
