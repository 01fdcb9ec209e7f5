// HTTP as little as it can be, so that the load and not its maker is measured:
// kept connections, bodies as text, nothing followed.

import { Agent, request } from "node:http";

/** Of one side: calls go over at most `most` kept connections at once. */
export class Client {
  #agent;

  constructor(most) {
    this.#agent = new Agent({ keepAlive: true, maxSockets: most, scheduling: "fifo" });
  }

  /**
   * @param {string} method
   * @param {string} url
   * @param {{ headers?: Record<string, string>, body?: string }} sent
   * @returns {Promise<{ status: number, headers: import("node:http").IncomingHttpHeaders, text: string }>}
   */
  call(method, url, { headers = {}, body } = {}) {
    return new Promise((settle, fail) => {
      const length = body === undefined ? {} : { "content-length": String(Buffer.byteLength(body)) };
      const asked = request(url, { method, agent: this.#agent, headers: { ...length, ...headers } }, (answer) => {
        const parts = [];
        answer.on("data", (part) => parts.push(part));
        answer.once("end", () =>
          settle({ status: answer.statusCode, headers: answer.headers, text: Buffer.concat(parts).toString() }),
        );
        answer.once("error", fail);
      });
      asked.once("error", fail);
      asked.end(body);
    });
  }

  /** A call that must be answered so; its JSON. */
  async json(method, url, { headers = {}, value, ...sent } = {}) {
    const json = value === undefined ? {} : { "content-type": "application/json" };
    const body = value === undefined ? undefined : JSON.stringify(value);
    const answer = await this.call(method, url, { ...sent, headers: { ...json, ...headers }, body });
    if (answer.status >= 300) throw new Error(`${method} ${new URL(url).pathname}: ${answer.status} ${answer.text.slice(0, 200)}`);
    return JSON.parse(answer.text);
  }

  async form(url, fields) {
    const headers = { "content-type": "application/x-www-form-urlencoded" };
    return this.call("POST", url, { headers, body: new URLSearchParams(fields).toString() });
  }

  close() {
    this.#agent.destroy();
  }
}

/** The first form of a page: where it goes, and its fields. */
export function formOf(page, base) {
  const [form] = page.match(/<form[^>]*>/) ?? [];
  if (!form) throw new Error(`no form: ${page.slice(0, 200)}`);
  const fields = {};
  for (const [input] of page.matchAll(/<input[^>]*>/g)) fields[attribute(input, "name")] = attribute(input, "value");
  return { action: new URL(attribute(form, "action"), base).href, fields };
}

function attribute(tag, name) {
  const text = new RegExp(`\\b${name}="([^"]*)"`).exec(tag)?.[1] ?? "";
  return text.replaceAll("&quot;", '"').replaceAll("&lt;", "<").replaceAll("&gt;", ">").replaceAll("&amp;", "&");
}
