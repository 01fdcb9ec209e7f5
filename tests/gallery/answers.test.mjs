// The gallery's canned answers are what a merchant server may say: each is held
// against the schema that merchant/openapi.yaml has for its operation.

import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { test } from "node:test";

import Ajv from "ajv/dist/2020.js";
import addFormats from "ajv-formats";
import { parse } from "yaml";

import { STATES } from "../../www/gallery/states.js";
import { addressed } from "../../www/server/gallery.mjs";

const api = parse(await readFile(new URL("../../merchant/openapi.yaml", import.meta.url), "utf8"), { merge: true });
const ajv = addFormats(new Ajv({ strict: false, allErrors: true, discriminator: false }));
ajv.addFormat("int32", true).addFormat("int64", true).addSchema(api, "api");

const operations = Object.fromEntries(
  Object.values(api.paths).flatMap((path) => Object.values(path).filter(({ operationId }) => operationId).map((operation) => [operation.operationId, operation])),
);

const ADDRESSES = { gallery: "http://localhost:8400/galeri/api/state", sandbox: "http://127.0.0.1:8402" };

/** PayWall's own; of another contract. */
const PAYWALLS = ["tokenize"];

for (const { name, answers } of STATES) {
  for (const [operation, scripted] of Object.entries(answers)) {
    if (PAYWALLS.includes(operation)) continue;
    for (const answer of [scripted].flat().filter(({ never, broken }) => !never && !broken)) {
      test(`${name}: ${operation}`, () => {
        assert.deepEqual(misfits(operation === "pollCheckout" ? "readCheckout" : operation, addressed(answer, ADDRESSES)), []);
      });
    }
  }
}

function misfits(operationId, answer) {
  const refused = answer.status >= 400;
  const status = refused ? answer.status : operationId === "createPayment" ? 201 : 200;
  const content = resolved(operations[operationId].responses[status])?.content;
  assert.ok(content, `${operationId} never answers ${status}`);
  const [{ schema }] = Object.values(content);
  const validate = ajv.compile(rooted(schema));
  validate(refused ? answer.body : withoutLater(answer));
  return (validate.errors ?? []).map(({ instancePath, message }) => `${instancePath} ${message}`);
}

/** Ways to pay of a later version are allowed, and have no schema. */
const withoutLater = (answer) => (answer.methods ? { ...answer, methods: known(answer.methods) } : answer);

function known(methods) {
  const names = Object.keys(api.components.schemas.Method.discriminator.mapping);
  const left = methods.filter(({ type }) => names.includes(type));
  return left.length ? left : [{ type: "card" }];
}

const resolved = (response) =>
  response?.$ref ? response.$ref.split("/").slice(1).reduce((at, part) => at[part], api) : response;

/** A schema of the document, whose references are to the document. */
const rooted = (schema) => JSON.parse(JSON.stringify(schema).replaceAll('"#/', '"api#/'));
