// The schemas of an OpenAPI document as Markdown: objects and unions get a
// heading and a table of fields, everything smaller is said where it is used.

import { Failure } from "../lib/run.mjs";
import { code, json, line, link, table } from "./markdown.mjs";

/** What is drawn of a schema; another keyword is an error, not an omission. */
const KNOWN = new Set([
  ...["$ref", "type", "format", "enum", "const", "default", "description", "examples"],
  ...["properties", "required", "additionalProperties", "items", "oneOf", "discriminator"],
  ...["minimum", "maximum", "minLength", "maxLength", "minItems", "maxItems", "pattern"],
  ...["contentEncoding", "contentMediaType"],
]);

const LISTS = /(^|\n)(\* |\| )/;

export class Objects {
  #schemas;

  constructor(schemas) {
    this.#schemas = schemas;
  }

  /** Each that has a heading of its own. */
  all() {
    return Object.keys(this.#schemas)
      .filter((name) => this.#isLarge(this.#schemas[name]))
      .map((name) => this.#object(name, this.#schemas[name]));
  }

  /** What a value is, in few words: a link where it has a heading. */
  type(schema) {
    const unknown = Object.keys(schema).find((keyword) => !KNOWN.has(keyword));
    if (unknown) throw new Failure(`merchant/openapi.yaml uses "${unknown}" in a schema, which is not drawn yet.`);
    const name = nameOf(schema);
    if (name && this.#isLarge(this.#schemas[name])) return link(name);
    const whole = this.#whole(schema);
    if (whole.items) return `list of ${this.type(whole.items)}${counted(whole)}`;
    if ("const" in whole) return code(JSON.stringify(whole.const));
    if (whole.enum) return whole.enum.map((value) => code(JSON.stringify(value))).join(" · ") + preset(whole);
    return [whole.type].flat().join(" or ") + limits(whole) + preset(whole);
  }

  /** What a value is for: said here, or by what it refers to. */
  meaning(schema) {
    const { description = "" } = this.#whole(schema);
    return this.#isLarge(this.#schemas[nameOf(schema)] ?? {}) ? (schema.description ?? "") : description;
  }

  /** A schema with what it refers to: what stands nearer wins. */
  #whole({ $ref, ...own }) {
    return $ref ? { ...this.#whole(this.#schemas[nameOf({ $ref })]), ...own } : own;
  }

  #isLarge({ properties, oneOf, description = "", enum: values }) {
    return Boolean(properties || oneOf || (values && LISTS.test(description)));
  }

  #object(name, schema) {
    const parts = [`### ${name}`, schema.description?.trim()];
    if (schema.oneOf) {
      const kinds = schema.oneOf.map((each) => [this.type(each), line(this.#schemas[nameOf(each)].description)]);
      parts.push(`One of these, told apart by ${code(schema.discriminator.propertyName)}:`, table(["object", "means"], kinds));
    } else if (schema.properties) {
      const fields = [...this.#fields(schema)];
      const long = fields.filter(({ meaning }) => LISTS.test(meaning));
      const rows = fields.map(({ label, type, meaning }) => [code(label), type, LISTS.test(meaning) ? "see below" : line(meaning)]);
      parts.push(table(["field", "type", "means"], rows), ...long.map(({ label, meaning }) => `${code(label)}: ${meaning.trim()}`));
      if (schema.additionalProperties === false) parts.push("Nothing else is taken.");
    } else if (!LISTS.test(schema.description)) {
      parts.push(this.type(schema));
    }
    parts.push(...(schema.examples ?? []).map(json));
    return parts.filter(Boolean).join("\n\n");
  }

  /** The fields of an object, and those of objects inside it that have no name. */
  *#fields({ properties, required = [] }, before = "") {
    for (const [name, field] of Object.entries(properties)) {
      const label = before + name + (required.includes(name) ? "" : "?");
      const plain = field.properties ? "object" : this.type(field);
      const meaning = this.meaning(field);
      const isSaid = plain.endsWith(meaning.replace(/\.$/, ""));
      yield { label, type: plain, meaning: isSaid ? "" : meaning };
      if (field.properties) yield* this.#fields(field, `${before}${name}.`);
    }
  }
}

/** A longer pattern than this tells a reader nothing. */
const SHORT = 32;

const nameOf = ({ $ref }) => $ref?.split("/").at(-1);

const preset = ({ default: value }) => (value === undefined ? "" : `; ${code(JSON.stringify(value))} where absent`);

function limits({ type, format, minimum, maximum, minLength, maxLength, pattern, contentMediaType }) {
  if (type === "integer") return range(minimum, maximum, "");
  if (type !== "string") return "";
  const kind = { uri: ", an address", "date-time": ", RFC 3339 in UTC" }[format] ?? (contentMediaType ? `, ${contentMediaType} in Base64` : "");
  const shape = pattern && !format && pattern.length <= SHORT ? `, ${code(pattern)}` : "";
  return kind + shape + range(minLength, maxLength, " characters");
}

const counted = ({ minItems, maxItems }) => range(minItems, maxItems, "");

function range(least, most, unit) {
  if (least !== undefined && most !== undefined) return `, ${least} to ${most}${unit}`;
  if (most !== undefined) return `, at most ${most}${unit}`;
  return least > 1 ? `, at least ${least}${unit}` : "";
}
