// The first page: log in with an identity, with a local account, or come as a guest.

import { fault, loginAddress, tidy } from "../session/login.js";
import { h } from "./dom.js";

/**
 * @param {{ network: string, notice?: string, nick?: string, entered(login: import("../session/login.js").Login): void }} options
 *   `notice`: why the person sees this page again.
 */
export function loginView({ network, notice, nick, entered }) {
  return h(
    "main.login", {},
    h("div.login-card", {},
      h("img.logo", { src: "/icon.svg", alt: "", width: 56, height: 56 }),
      h("h1", {}, network),
      notice && h("p.notice", { role: "alert" }, notice),
      identity(),
      h("details", {}, h("summary", {}, "Use a local account"), local(entered)),
      h("details", { open: Boolean(nick) }, h("summary", {}, "Come as a guest"), guest(entered, nick)),
      h("p.small", {}, h("a", { href: "/about" }, "Connect with another IRC client")),
    ),
  );
}

function identity() {
  const error = h("p.error", { id: "handle-error", role: "alert", hidden: true });
  const suggestions = h("datalist", { id: "handles" });
  const input = h("input", {
    id: "handle", name: "handle", autocomplete: "username", autocapitalize: "none", spellcheck: false, inputMode: "url", placeholder: "you.bsky.social",
    "aria-describedby": "handle-help handle-error", oninput: () => ((error.hidden = true), input.removeAttribute("aria-invalid"), suggest(input.value, suggestions)),
  });
  input.setAttribute("list", "handles");
  const button = h("button.primary.wide", { type: "submit" }, "Sign in");
  return h(
    "form", {
      noValidate: true,
      onsubmit: (event) => {
        event.preventDefault();
        const typed = tidy(input.value);
        const wrong = fault(typed);
        if (wrong) {
          error.textContent = wrong;
          error.hidden = false;
          input.setAttribute("aria-invalid", "true");
          return input.focus();
        }
        button.disabled = true;
        button.textContent = "Off to your server…";
        location.assign(loginAddress(typed));
      },
    },
    h("label.field", {}, "Your Bluesky or other AT Protocol handle", input), suggestions,
    h("p.small", { id: "handle-help" }, "You confirm at the place where your account lives. This server never sees your password."), error, button,
  );
}

/** Handles that the typed text may be the beginning of. */
function suggest(typed, list) {
  const name = tidy(typed);
  const isName = /^[A-Za-z0-9-]+$/.test(name) && name.length >= 2;
  const isBegun = /^[A-Za-z0-9-]+\.[a-z.]*$/.test(name);
  const known = ["bsky.social"];
  const handles = isName ? known.map((host) => `${name}.${host}`) : isBegun ? known.filter((host) => host.startsWith(name.slice(name.indexOf(".") + 1))).map((host) => `${name.split(".")[0]}.${host}`) : [];
  list.replaceChildren(...handles.map((value) => h("option", { value })));
}

function local(entered) {
  const account = h("input", { name: "account", autocomplete: "username", autocapitalize: "none", spellcheck: false, required: true });
  const password = h("input", { name: "password", type: "password", autocomplete: "current-password", required: true });
  return h(
    "form", {
      onsubmit: (event) => {
        event.preventDefault();
        const name = account.value.trim();
        entered({ kind: "password", account: name, nick: name, password: password.value, isTyped: true });
      },
    },
    h("label.field", {}, "Account", account), h("label.field", {}, "Password", password), h("button.wide", { type: "submit" }, "Log in"),
  );
}

function guest(entered, kept) {
  const nick = h("input", { name: "nick", autocomplete: "nickname", autocapitalize: "none", spellcheck: false, required: true, maxLength: 32, value: kept ?? "" });
  return h(
    "form", { onsubmit: (event) => (event.preventDefault(), entered({ kind: "guest", nick: nick.value.trim() })) },
    h("label.field", {}, "Nickname", nick), h("button.wide", { type: "submit" }, "Enter as a guest"),
  );
}
