// What acts for the account, to see and to end: logins on the web, passwords of devices, the linked identity; what one has said, to take
// along and to delete.

import { api, command } from "../session/api.js";
import { ask, confirm, dialog } from "./dialog.js";
import { dateAndTime, h, isolated } from "./dom.js";

export function showAccount(client, page) {
  const { chat, login } = client;
  const window = dialog("Your account");
  const section = (title, ...content) => h("section", {}, h("h3", {}, title), ...content);
  const who = h("p", {}, "You are ", h("strong", {}, isolated(chat.nick || login.nick)), chat.account ? h("span", {}, ", signed in", login.handle ? [" as ", login.handle].join("") : "", h("span.faint.small", {}, ` (${chat.account})`)) : ", a guest");
  window.body.append(who);
  const out = h("button.primary", { type: "button", onclick: () => (window.close(), page.logOut()) }, chat.account || login.kind !== "guest" ? "Sign out" : "Leave");
  const everywhere = h("button.danger", { type: "button", onclick: async () => (await confirm("Sign out everywhere?", "All your logins on the web end, here and elsewhere, and the connections that rest on them.", "Sign out everywhere")) && (window.close(), page.logOut(true)) }, "Sign out everywhere");
  window.body.append(h("div.buttons", {}, out, login.kind === "identity" && everywhere));
  if (!chat.account) return window.body.append(h("p.faint", {}, "Sign in to keep your name, and to see here what acts for you."));
  window.body.append(
    ...(login.kind === "identity" ? [section("Where you are signed in", live(() => sessions(client)))] : []),
    section("Passwords of devices", h("p.faint.small", {}, "A chat client that cannot sign in with your account logs in with a password of its own. It is shown once, and works until you end it here."), live((again) => devices(client, again))),
    section("Linked identity", live((again) => identity(client, again))),
    section("What you have said", said(client)),
  );
}

/** A part that is fetched when it is shown, and again after each change. */
function live(load) {
  const place = h("div", {}, h("p.faint", {}, "Loading…"));
  const again = async (news) => {
    try {
      place.replaceChildren(...(news ? [news] : []), ...(await load(again)));
    } catch (error) {
      place.replaceChildren(h("p.error", { role: "alert" }, error.message));
    }
  };
  again();
  return place;
}

async function sessions(client) {
  const place = h("ul.rows");
  const fill = async () => {
    const { sessions: all } = await api(client, "GET", "account/sessions");
    const rows = all.filter((each) => each.state === "live").map((each) => h(
      "li.fact-row", {},
      h("div", {}, h("strong", {}, each.name ?? `Login ${each.number}`), each.current && h("span.badge", {}, " this one"), h("div.faint.small", {}, [each.agent, each.address && `from ${each.address}`, `last used ${dateAndTime(Date.parse(each.used_at))}`].filter(Boolean).join(", "))),
      h("span.buttons", {},
        h("button", { type: "button", onclick: () => attempt(place, async () => {
          const name = await ask("Name this login", "Name", "Save", each.name ?? "");
          if (name !== null) (await api(client, "PATCH", `account/sessions/${each.id}`, { name }), await fill());
        }) }, "Name"),
        h("button", { type: "button", onclick: () => attempt(place, async () => (await api(client, "DELETE", `account/sessions/${each.id}`), await fill())) }, "End")),
    ));
    place.replaceChildren(...(rows.length ? rows : [h("li.faint", {}, "No login on the web.")]));
  };
  await fill();
  return [place];
}

async function devices(client, again) {
  const { devices: all } = await api(client, "GET", "account/devices");
  const rows = all.map((each) => h(
    "li.fact-row", {},
    h("div", {}, h("strong", {}, isolated(each.name)), h("div.faint.small", {}, each.used_at ? `last used ${dateAndTime(Date.parse(each.used_at))}` : "never used", each.expires_at ? `, ends ${dateAndTime(Date.parse(each.expires_at))}` : "")),
    h("button", { type: "button", onclick: async () => (await confirm("End this password?", `${each.name} is logged out at once.`, "End it")) && attempt(list, async () => (await api(client, "DELETE", `account/devices/${encodeURIComponent(each.name)}`), await again())) }, "End"),
  ));
  const list = h("ul.rows", {}, ...(rows.length ? rows : [h("li.faint", {}, "There is none.")]));
  const make = h("button", { type: "button", onclick: async () => {
    const name = await ask("A password for a device", "Name of the device, such as phone", "Make it");
    if (!name) return;
    await attempt(list, async () => {
      const made = await api(client, "POST", "account/devices", { name });
      await again(h("div.notice", { role: "alert" }, h("p", {}, `The password of ${name}, shown only now:`), h("code.secret", {}, made.password)));
    });
  } }, "Make a password");
  return [list, make];
}

async function identity(client, again) {
  const { did, handle, linked } = await api(client, "GET", "account");
  if (!did) return [h("p.faint", {}, "None. Type /ns LINK followed by your handle to link one.")];
  const name = h("code", {}, handle ? `${handle}, ${did}` : did);
  if (!linked) return [h("p", {}, "Your account is this identity: ", name)];
  const place = h("p", {}, name, " ", h("button", { type: "button", onclick: () => attempt(place, async () => {
    if (!(await confirm("Take the identity off?", "Its logins on the web end, and the connections that logged in with it close.", "Unlink"))) return;
    await api(client, "DELETE", "account/identity");
    await again();
  }) }, "Unlink"));
  return [place];
}

function said(client) {
  const answer = h("p", { role: "status" });
  const take = h("button", { type: "button", onclick: () => attempt(answer, async () => {
    const lines = await command(client, "histserv", "EXPORT");
    const address = lines.join(" ").match(/https?:\/\/\S+/)?.[0];
    answer.replaceChildren(address ? h("a", { href: address }, "Download (the link counts for an hour)") : lines.join(" "));
  }) }, "Get all of it");
  const forget = h("button.danger", { type: "button", onclick: () => attempt(answer, async () => {
    const asked = await command(client, "histserv", "FORGET");
    const code = asked.join(" ").match(/FORGET (\S+)/)?.[1];
    if (!code) return answer.replaceChildren(asked.join(" "));
    if (await confirm("Delete all that you have said?", "It cannot be brought back.", "Delete it")) answer.replaceChildren((await command(client, "histserv", `FORGET ${code}`)).join(" "));
  }) }, "Delete all of it");
  return h("div", {}, h("div.buttons", {}, take, forget), answer);
}

/** Does something and shows beside `place` why it did not work. */
async function attempt(place, body) {
  place.parentElement?.querySelector(".attempt")?.remove();
  try {
    await body();
  } catch (error) {
    place.after(h("p.error.attempt", { role: "alert" }, error.message));
  }
}
