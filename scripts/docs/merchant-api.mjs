// docs/merchant-api.md: the merchant API, made from merchant/openapi.yaml. Own
// code, because the generators that are kept write each object out wherever it
// is named, and make 9 000 lines of it. It takes the part of OpenAPI that the
// document uses, and fails at anything else rather than leave it out.

import { readFile } from "node:fs/promises";
import { join } from "node:path";

import { root } from "../lib/project.mjs";
import { Failure } from "../lib/run.mjs";
import { code, details, json, line, link, slug, table } from "./markdown.mjs";
import { Objects } from "./objects.mjs";

const BEARER = "Authorization: Bearer …";
const PROBLEM = "application/problem+json";
const METHODS = ["get", "post", "put", "patch", "delete"];

export async function merchantApi() {
  // Not at the top: this file is also read where the npm packages are missing yet.
  const { parse } = await import("yaml");
  const text = await readFile(join(root, "merchant", "openapi.yaml"), "utf8");
  const made = page(parse(text, { merge: true, maxAliasCount: -1 }));
  checkLinks(made);
  return made;
}

function page(document) {
  const api = new Api(document);
  const sections = document.tags.map((tag) => api.section(tag));
  return `${[
    "<!-- Made from merchant/openapi.yaml; `npm run docs` writes it anew. -->",
    "# The merchant API",
    api.linked(document.info.description),
    `It is described for programs in [\`merchant/openapi.yaml\`](../merchant/openapi.yaml) (OpenAPI ${document.openapi}).`,
    "## All calls",
    ...document.tags.map((tag) => api.contents(tag)),
    api.keys(),
    api.everyAnswer(),
    ...sections,
    "## Webhooks",
    api.webhooks(),
    "## Problems",
    api.problems(),
    "## Objects",
    "A `?` behind a name: it may be left out. What has no heading of its own is said where it is used.",
    ...api.objects.all(),
  ].join("\n\n")}\n`;
}

/** Each link leads to one heading, and only one is called so. */
function checkLinks(made) {
  const headings = [...made.matchAll(/^#+ (.*)$/gm)].map(([, heading]) => slug(heading));
  const double = headings.find((heading, i) => headings.indexOf(heading) !== i);
  if (double) throw new Failure(`docs/merchant-api.md would have two headings #${double}.`);
  const dead = [...made.matchAll(/\]\(#([^)]*)\)/g)].find(([, to]) => !headings.includes(to));
  if (dead) throw new Failure(`docs/merchant-api.md would lead to #${dead[1]}, which is not there.`);
}

class Api {
  constructor(document) {
    this.document = document;
    this.objects = new Objects(document.components.schemas);
    this.calls = Object.entries(document.paths).flatMap(([path, item]) =>
      METHODS.filter((method) => item[method]).map((method) => {
        const call = item[method];
        const parameters = [...(item.parameters ?? []), ...(call.parameters ?? [])].map((each) => this.find(each));
        return { path, ...call, method: method.toUpperCase(), parameters };
      }),
    );
  }

  /** What a reference names, or the thing itself. */
  find(thing) {
    if (!thing.$ref) return thing;
    return thing.$ref.slice(2).split("/").reduce((at, key) => at[key], this.document);
  }

  /** The document's own links lead to this page's headings. */
  linked(text) {
    return text.trim().replace(/\(#\/components\/schemas\/(\w+)\)/g, (_, name) => `(#${slug(name)})`);
  }

  under(tag) {
    return this.calls.filter((call) => call.tags.includes(tag.name));
  }

  contents(tag) {
    const rows = this.under(tag).map((call) => [code(`${call.method} ${call.path}`), link(call.summary)]);
    return `${tag.description ?? "The server itself."}\n\n${table(["call", "does"], rows)}`;
  }

  /** The keys that callers have; what only signs one call is said there. */
  keys() {
    const schemes = Object.values(this.document.components.securitySchemes).filter(({ type }) => type === "http");
    return schemes.map(({ description }) => `${code(BEARER)}: ${line(description)}`).join("\n\n");
  }

  everyAnswer() {
    const headers = Object.entries(this.document["x-headers"]).map(([name, header]) => {
      const { schema, description } = this.find(header);
      return schema.const ? code(`${name}: ${schema.const}`) : `${code(name)} (${description.replace(/\.$/, "").replace(/^T/, "t")})`;
    });
    return `Every answer carries ${headers.slice(0, -1).join(", ")} and ${headers.at(-1)}.`;
  }

  section(tag) {
    return [`## ${tag.name[0].toUpperCase()}${tag.name.slice(1)}`, ...this.under(tag).map((call) => this.call(call))].join("\n\n");
  }

  call(call) {
    return [
      `### ${call.summary}`,
      code(`${call.method} ${call.path}`) + this.authority(call),
      call.description && this.linked(call.description),
      this.parameters(call.parameters),
      this.body(call.requestBody),
      "**Answers**",
      this.answers(call),
      details("Answers as they look", this.examples(Object.values(call.responses).map((answer) => this.find(answer)))),
    ]
      .filter(Boolean)
      .join("\n\n");
  }

  authority({ security = [] }) {
    const schemes = security.flatMap((each) => Object.keys(each)).map((name) => this.document.components.securitySchemes[name]);
    return schemes.map(({ type, name, description }) => ` · ${type === "http" ? code(BEARER) : `${code(name)}: ${line(description)}`}`).join("");
  }

  parameters(parameters) {
    if (!parameters.length) return "";
    const rows = parameters.map((parameter) => [
      code(parameter.required ? parameter.name : `${parameter.name}?`),
      parameter.in,
      this.objects.type(parameter.schema),
      line(parameter.description ?? this.objects.meaning(parameter.schema)),
    ]);
    return table(["parameter", "in", "type", "means"], rows);
  }

  body(body) {
    if (!body) return "";
    const [[type, content]] = Object.entries(body.content);
    const kind = type === "application/json" ? "" : ` (${code(type)})`;
    const [first, ...others] = this.examples([body]);
    return [`**Body**: ${this.objects.type(content.schema)}${kind}`, first, details("Other bodies", others)].filter(Boolean).join("\n\n");
  }

  answers(call) {
    const rows = Object.entries(call.responses)
      .sort(([one], [other]) => one.localeCompare(other))
      .map(([status, answer]) => {
        const { content = {}, description } = this.find(answer);
        const bodies = Object.entries(content).filter(([type]) => type !== PROBLEM);
        const types = bodies.map(([type, { schema }]) => (type === "application/json" ? this.objects.type(schema) : code(type)));
        return [code(status), types.join(", "), line(description)];
      });
    return table(["status", "body", "means"], rows);
  }

  /** The examples of bodies, each once and under its name; a problem is always of one shape. */
  examples(bodies) {
    const named = new Map();
    for (const { content = {} } of bodies) {
      for (const [type, { example, examples = {} }] of Object.entries(content)) {
        if (type === PROBLEM) continue;
        if (example !== undefined) named.set("", example);
        for (const [name, each] of Object.entries(examples)) named.set(name, this.find(each).value);
      }
    }
    return [...named].map(([name, value]) => (name ? `${code(name)}:\n\n${json(value)}` : json(value)));
  }

  webhooks() {
    const hooks = Object.entries(this.document.webhooks).map(([name, { post }]) => ({ name, ...post }));
    const [first] = hooks;
    if (hooks.some(({ description }) => description !== first.description)) throw new Failure("Webhooks with descriptions of their own are not drawn yet.");
    const rows = hooks.map(({ name, summary, requestBody }) => [code(name), line(summary), this.objects.type(requestBody.content["application/json"].schema)]);
    return [
      this.linked(first.description) + this.authority(first).replace(" · ", "\n\n"),
      table(["event", "says", "body"], rows),
      this.parameters(first.parameters.map((each) => this.find(each))),
      ...this.examples(hooks.map(({ requestBody }) => requestBody)),
      "**Your answer**",
      this.answers(first),
    ].join("\n\n");
  }

  /** Each code with the statuses it comes with, and all that the answers say of it. */
  problems() {
    const { description, enum: codes } = this.document.components.schemas.ProblemCode;
    const meanings = new Map(codes.map((name) => [name, { statuses: new Set(), means: new Set() }]));
    const note = (status, text) => {
      for (const [, name, means = ""] of text.matchAll(/`(\w+)`(?:: ((?:(?!\n\* )[\s\S])*)|\.)/g)) {
        if (!meanings.has(name)) continue;
        if (status) meanings.get(name).statuses.add(status);
        if (means.trim()) meanings.get(name).means.add(line(means));
      }
    };
    for (const call of this.calls) {
      for (const [status, answer] of Object.entries(call.responses)) {
        const { content = {}, description: text } = this.find(answer);
        if (content[PROBLEM]) note(status, text);
      }
    }
    note("", description);
    const rows = [...meanings].map(([name, { statuses, means }]) => {
      if (!means.size) throw new Failure(`merchant/openapi.yaml does not say what the code "${name}" means.`);
      return [code(name), [...statuses].sort().map(code).join(", "), distinct([...means])];
    });
    return `A refusal is a ${link("Problem")}: \`title\` is for people, \`code\` for programs.\n\n${table(["code", "status", "means"], rows)}`;
  }
}

/** All that is said of one thing, without what is only the beginning of something else. */
function distinct(texts) {
  const bare = texts.map((text) => text.replace(/\.$/, ""));
  const kept = bare.filter((text) => !bare.some((other) => other !== text && other.startsWith(text)));
  const sentences = kept.map((text) => `${text[0].toUpperCase()}${text.slice(1)}.`);
  return sentences.length === 1 ? sentences[0] : sentences.map((each) => `• ${each}`).join("<br>");
}
