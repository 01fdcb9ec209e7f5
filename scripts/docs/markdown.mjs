// Pieces of Markdown, as GitHub reads it.

/** The anchor that GitHub gives a heading. */
export const slug = (heading) => heading.toLowerCase().replace(/[^\p{L}\p{N}\s_-]/gu, "").replace(/\s/g, "-");

export const link = (heading) => `[${heading}](#${slug(heading)})`;

export const code = (text) => `\`${text}\``;

/** Words in one line, as a cell of a table wants them; the items of a list one below the other. */
export const line = (text = "") =>
  text
    .trim()
    .replace(/\n+\* /g, "<br>• ")
    .replace(/^\* /, "• ")
    .replace(/\s*\n\s*/g, " ");

/** Columns without a word are left out. */
export function table(heads, rows) {
  const kept = heads.map((_, column) => rows.some((row) => row[column]));
  const row = (cells) => `| ${cells.filter((_, column) => kept[column]).map((cell) => cell.replaceAll("|", "\\|")).join(" | ")} |`;
  return [row(heads), row(heads.map(() => "---")), ...rows.map(row)].join("\n");
}

export const json = (value) => `\`\`\`json\n${JSON.stringify(value, null, 2)}\n\`\`\``;

/** Parts that are folded away; nothing where there are none. */
export const details = (title, parts) => (parts.length ? `<details><summary>${title}</summary>\n\n${parts.join("\n\n")}\n\n</details>` : "");
