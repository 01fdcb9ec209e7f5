// docs/errors.md: the tables of all codes, made from the types and their comments.

import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { join } from "node:path";

import { root } from "../lib/project.mjs";

const typesFolder = join(root, "src", "js", "types");

const INTRODUCTION = `# Errors

Two kinds of things can go wrong. A **call** throws, or rejects with, a \`KasaError\`: its \`code\` is one of the first table.
A **payment** that was made can fail: then \`pay\` resolves, and \`result.error.code\` is one of the second.

\`\`\`ts
try {
  const result = await kasa.pay({ method: "hepsipay" });
  if (result.status === "failed") console.log(result.error?.code); // the second table
} catch (error) {
  if (isKasaError(error)) console.log(error.code, error.message); // the first
}
\`\`\`

A \`pay\` that rejects has sent no payment. \`destroyed\` and \`internal\` are the exceptions: with them the page lost sight of a payment that may be
under way. Where the column *money* says "look first", this one or another payment of the order may be moving: ask what became of it before anybody
pays again, by \`kasa.resume()\`, a new \`init\`, or \`GET /v1/orders/{reference}\` from your back end.

*Again*: the same call may succeed later with nothing changed (\`error.retryable\`). Both tables stand in the types too, as
\`KasaErrorTable\` and \`PaymentErrorTable\`; this page is made from them.
`;

/**
 * @typedef {{ code: string, comment: string, facts: Record<string, string> }} Entry a code, its comment, and its facts as they are written
 */

/** @returns {Promise<Entry[]>} what an interface whose keys are codes says */
export async function tableOf(file, name) {
  const ts = createRequire(join(root, "docs", "tool", "package.json"))("typescript");
  const text = await readFile(join(typesFolder, file), "utf8");
  const source = ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true);
  const table = source.statements.find((each) => ts.isInterfaceDeclaration(each) && each.name.text === name);
  return table.members.map((member) => ({
    code: member.name.text,
    comment: ts.getJSDocCommentsAndTags(member).map(({ comment }) => comment).join("\n"),
    facts: Object.fromEntries(member.type.members.map((fact) => [fact.name.text, fact.type.getText(source)])),
  }));
}

export const kasaErrors = () => tableOf("errors.d.ts", "KasaErrorTable");
export const paymentErrors = () => tableOf("results.d.ts", "PaymentErrorTable");

export async function errors() {
  const [calls, payments] = await Promise.all([kasaErrors(), paymentErrors()]);
  return [
    INTRODUCTION,
    "## Codes of a KasaError\n",
    ...rows(["`code`", "whose turn", "what happened", "what to do", "money", "again", "from"]),
    ...calls.map(({ code, comment, facts }) => {
      const [happened, todo] = comment.split("\n\n").map(oneLine);
      return row([`\`${code}\``, word(facts.turn), happened, todo, MONEY[facts.moneyInDoubt], AGAIN[facts.retryable], from(facts.from)]);
    }),
    "\n## Codes of a payment that failed\n",
    "In none of them was money taken, as far as the provider says; should a payment come in after all, the merchant server sees it: the order is\npaid by it, or the money goes back. A newer merchant server may have other codes.\n",
    ...rows(["`error.code`", "whose turn", "what happened, and what to do"]),
    ...payments.map(({ code, comment, facts }) => row([`\`${code}\``, word(facts.turn), oneLine(comment)])),
    "",
  ].join("\n");
}

const MONEY = { true: "look first", false: "safe" };
const AGAIN = { true: "yes", false: "no", boolean: "the error says" };

const rows = (titles) => [row(titles), row(titles.map(() => "---"))];
const row = (cells) => `| ${cells.join(" | ")} |`;
const oneLine = (text) => text.replace(/\s*\n\s*/g, " ").trim();
const word = (literal) => JSON.parse(literal);

/** `"init" | "pay"`, or the name of the type that stands for all calls. */
const from = (type) =>
  type === "KasaCall" ? "any call" : type === '"error"' ? "the event `error`" : type.split(" | ").map((each) => `\`${word(each)}\``).join(", ");
