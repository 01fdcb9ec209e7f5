// custom-elements.json, which editors read: it says what the element, the
// stylesheets and the package's README say, and is of the schema that they know.

import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { join } from "node:path";
import { before, test } from "node:test";

import Ajv from "ajv";

import { pkg, root } from "../../scripts/lib/project.mjs";

const read = (...path) => readFile(join(root, ...path), "utf8");
const namesOf = (list) => list.map(({ name }) => name).sort();
const each = (text, pattern) => [...new Set([...text.matchAll(pattern)].map(([, found]) => found))].sort();

let manifest, element, source, readme, css, KasaCheckoutElement;

before(async () => {
  manifest = JSON.parse(await read("src", "js", "custom-elements.json"));
  element = declared("kasa-checkout");
  source = await read("src", "js", "element.js");
  readme = await read("src", "js", "README.md");
  css = await read("src", "ui", "kasa.css");
  ({ KasaCheckoutElement } = await import(join(pkg, "element.js")));
});

const declared = (tag) => manifest.modules.flatMap(({ declarations }) => declarations).find(({ tagName }) => tagName === tag);

test("it is of the schema that editors know", () => {
  const schema = createRequire(import.meta.url)("custom-elements-manifest/schema.json");
  const ajv = new Ajv({ strict: false });
  assert.ok(ajv.validate(schema, manifest), ajv.errorsText());
});

test("its attributes are those that the element observes", () => {
  assert.deepEqual(namesOf(element.attributes), [...KasaCheckoutElement.observedAttributes].sort());
});

test("its properties are those that the element has", () => {
  const traits = Object.entries(Object.getOwnPropertyDescriptors(KasaCheckoutElement.prototype)).filter(([, trait]) => trait.get);
  assert.deepEqual(namesOf(element.members), traits.map(([name]) => name).sort());
  for (const [name, { set }] of traits) {
    const member = element.members.find((member) => member.name === name);
    assert.equal(member.readonly ?? false, !set, name);
    assert.equal(member.attribute, element.attributes.find(({ fieldName }) => fieldName === name)?.name, name);
  }
});

test("its events are those that the element tells", () => {
  const [, relayed] = /const EVENTS = (\[.*\]);/.exec(source);
  const own = each(source, /#tell\("(\w+)"/g);
  const told = new Set([...JSON.parse(relayed), ...own].map((type) => `kasa-${type}`));
  assert.deepEqual(namesOf(element.events), [...told].sort());
});

test("its parts are those of the element, and of the README's list", () => {
  assert.deepEqual(namesOf(element.cssParts), each(source, /\bpart: "([a-z]+)"/g));
  const [, dropIn, challenge] = /Each piece has a `part`: (.*?) of `kasa-drop-in`; (.*?) of `kasa-challenge`/s.exec(readme);
  for (const [tag, said] of [["kasa-drop-in", dropIn], ["kasa-challenge", challenge]]) {
    assert.deepEqual(namesOf(declared(tag).cssParts), each(said, /`([a-z]+)`/g), tag);
  }
});

test("its custom properties are those of the stylesheet and of the README, with their defaults", () => {
  const defaults = (text) => Object.fromEntries([...text.matchAll(/var\((--kasa-[a-z-]+), ((?:[^()]|\((?:[^()]|\([^()]*\))*\))+)\)/g)].map(([, name, value]) => [name, value]));
  const known = defaults(css);

  assert.deepEqual(Object.fromEntries(element.cssProperties.map(({ name, default: value }) => [name, value])), known);
  assert.deepEqual(each(readme, /^\s*(--kasa-[a-z-]+):/gm), Object.keys(known).sort());
  // What the element draws before the wasm is there has the drop-in's looks.
  const own = defaults(source);
  assert.ok(Object.keys(own).length > 5);
  for (const [name, value] of Object.entries(own)) assert.equal(value, known[name], name);
});
