// Begins: whoever is remembered is connected, whoever comes back from a login is remembered, everybody else sees the login page.

import { Chat } from "./chat/chat.js";
import { Client } from "./chat/client.js";
import { Drafts } from "./chat/drafts.js";
import { settings } from "./chat/settings.js";
import { api } from "./session/api.js";
import * as logins from "./session/login.js";
import { makeDevicePassword } from "./session/password.js";
import * as session from "./session/session.js";
import { ChatPage } from "./view/chat.js";
import { loginView } from "./view/login.js";

const place = document.getElementById("page");
const network = document.querySelector("meta[name=network]")?.content || location.hostname;

theme();
settings.listen((name) => name === "theme" && theme());
begin();
if ("serviceWorker" in navigator) navigator.serviceWorker.register("/sw.js").catch(() => {});

function begin() {
  // Earlier clients kept the address of a login server. There is one, and it is this.
  for (const name of ["roost.broker", "broker_origin", "freeq-broker"]) localStorage.removeItem(name);
  const result = logins.takeResult();
  if (result) {
    const login = { kind: "identity", nick: result.nick, did: result.did, handle: result.handle };
    logins.remember(login);
    return enter(login);
  }
  const login = logins.remembered();
  login ? enter(login) : showLogin();
}

/** @param {string} [notice] why the person is back here */
function showLogin(notice, nick) {
  document.title = network;
  new Drafts().clear();
  // What was open over the chat goes with it.
  for (const window of document.querySelectorAll("dialog")) window.close();
  document.querySelector(".menu")?.remove();
  place.replaceChildren(loginView({ network, notice, nick, entered: (login) => enter(login) }));
  place.querySelector("input")?.focus();
}

function enter(login) {
  const chat = new Chat();
  chat.nick = "";
  const mine = new Client(chat, login, {
    ended: (reason) => {
      mine.stop();
      if (login.kind !== "guest") logins.forget();
      showLogin(login.kind === "guest" ? reason : `You are signed out: ${reason}`, login.kind === "guest" ? login.nick : undefined);
    },
    renamed: (nick) => {
      if (login.kind !== "guest") return;
      login.nick = nick;
      logins.remember(login);
    },
    channels: () => recallChannels(login),
    joined: (names) => keepChannels(login, names),
    welcomed: () => settle(mine, login),
  });
  if (login.kind === "identity" || login.kind === "password") logins.watch((other) => other === null && (mine.stop(), showLogin("You are signed out.")), mine.signal);
  const page = new ChatPage(mine, { network, logOut: (isEverywhere) => logOut(mine, login, isEverywhere) });
  place.replaceChildren(page.element);
  mine.start();
}

/** The login works: from now on it is remembered. */
async function settle(mine, login) {
  if (login.kind === "guest") return logins.remember({ kind: "guest", nick: login.nick });
  if (!login.isTyped) return;
  login.isTyped = false;
  try {
    login.password = await makeDevicePassword(mine);
    logins.remember({ kind: "password", nick: login.nick, account: login.account, password: login.password });
  } catch (error) {
    mine.chat.note(`You stay logged in until you close this page: ${error.message}`);
  }
}

async function logOut(mine, login, isEverywhere) {
  if (isEverywhere) await api(mine, "DELETE", "account/sessions").catch(() => {});
  mine.stop("Signed out");
  logins.forget();
  const isEnded = login.kind !== "identity" || (await session.logOut());
  showLogin(isEnded ? "You are signed out." : "You are signed out in this browser. The server could not be told; sign in again to end your other logins.");
}

function keepChannels(login, names) {
  try {
    localStorage.setItem(`roost.channels.${login.did ?? login.account ?? "guest"}`, JSON.stringify(names));
  } catch {
    // They are entered by hand the next time.
  }
}

function recallChannels(login) {
  try {
    const names = JSON.parse(localStorage.getItem(`roost.channels.${login.did ?? login.account ?? "guest"}`) ?? "[]");
    return Array.isArray(names) ? names.filter((name) => typeof name === "string").slice(0, 100) : [];
  } catch {
    return [];
  }
}

function theme() {
  document.documentElement.dataset.theme = settings.get("theme");
}
