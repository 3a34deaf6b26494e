// The REST interface of the server, as the person who is connected (docs/users.md).

/**
 * @param {import("../chat/client.js").Client} client whose connection vouches for the request
 * @param {string} method
 * @param {string} path below /api/v1
 * @param {object} [body] sent as JSON
 * @returns {Promise<any>} the answer, null where there is none. Rejects with a sentence for the person.
 */
export async function api(client, method, path, body) {
  // What is about logins on the web goes by the cookie of this one; the rest by the connection.
  const headers = path.startsWith("account/sessions") ? {} : { Authorization: `Bearer ${client.chat.bearer}` };
  if (body) headers["Content-Type"] = "application/json";
  const send = () => fetch(`/api/v1/${path}`, { method, headers, body: body && JSON.stringify(body), signal: AbortSignal.timeout(30_000) });
  let response;
  try {
    response = await send();
    // A page that opens asks several things at once, which may be too fast for a moment.
    for (let tries = 0; response.status === 429 && tries < 3; tries++) {
      const seconds = Number(response.headers.get("Retry-After")) || 1;
      if (seconds > 10) break;
      await new Promise((resolve) => setTimeout(resolve, seconds * 1000));
      response = await send();
    }
  } catch {
    throw new Error("The server did not answer.");
  }
  const answer = response.headers.get("Content-Type")?.includes("json") ? await response.json() : null;
  if (response.ok) return answer;
  throw new Error(answer?.lines?.join(" ") || answer?.detail || answer?.title || `The server refused that (${response.status}).`);
}

/** Gives a command to a service. @returns {Promise<string[]>} what it answers. */
export async function command(client, service, text) {
  return (await api(client, "POST", `services/${service}`, { command: text })).lines;
}
