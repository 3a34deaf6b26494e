// Login with a local account. The password that the person types is used once: the server gives this browser one of its own, which the
// account page lists and revokes.

import { command } from "./api.js";

/** @param {import("../chat/client.js").Client} client @returns {Promise<string>} the password of this browser. Rejects with what the server says. */
export async function makeDevicePassword(client) {
  const name = `web-${crypto.randomUUID().slice(0, 8)}`;
  const lines = await command(client, "nickserv", `DEVICE ADD ${name}`);
  const password = lines.join("\n").match(/password of \S+ is (\S+)/)?.[1];
  if (!password) throw new Error(lines[0] ?? "The server made no password for this browser.");
  return password;
}
