import type { Finding, Findings, State } from "./findings.ts";

/** How a run ended. */
export type End = "complete" | "deadline" | "interrupted";

/** The words of the sum, in its order. */
const sums: readonly (readonly [State, string])[] = [
  ["ok", "fine"],
  ["moved", "moved for good"],
  ["restricted", "restricted"],
  ["broken", "broken"],
  ["listed", "to the web, not fetched"],
  ["skipped", "skipped"],
  ["unchecked", "not checked"],
];

/** What is said even when only what is wrong is wanted. */
const wrong: ReadonlySet<State> = new Set(["broken", "moved", "unchecked"]);

function inOrder(links: readonly Finding[]): Finding[] {
  return [...links].sort(
    (a, b) => compare(a.source, b.source) || a.line - b.line || a.column - b.column || compare(a.target, b.target),
  );
}

function failuresInOrder(findings: Findings): Findings["failures"] {
  return [...findings.failures].sort((a, b) => compare(a.source, b.source));
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** The result for people: a line for each link that is worth one, then the sum. */
export function toText(findings: Findings, end: End, quiet: boolean): string {
  const lines = failuresInOrder(findings).map((failure) => `${failure.source}: ${failure.detail}`);
  for (const { source, line, column, target, verdict } of inOrder(findings.links)) {
    if (verdict.state === "ok" || (quiet && !wrong.has(verdict.state))) continue;
    const detail = verdict.detail === undefined ? "" : `  (${verdict.detail})`;
    lines.push(`${source}:${line}:${column}: ${verdict.state}  ${target}${detail}`);
  }
  const counts = sums.flatMap(([state, words]) => {
    const count = findings.count(state);
    return count === 0 ? [] : [`${count} ${words}`];
  });
  const total = `${findings.links.length} links in ${findings.documents.length} documents`;
  lines.push(counts.length === 0 ? total : `${total}: ${counts.join(", ")}`);
  if (end === "deadline") lines.push("The deadline came before all was checked.");
  if (end === "interrupted") lines.push("Interrupted before all was checked.");
  return `${lines.join("\n")}\n`;
}

/** The result for programs. */
export function toJson(findings: Findings, end: End): string {
  const counts = Object.fromEntries(sums.map(([state]) => [state, findings.count(state)]));
  const links = inOrder(findings.links).map(({ source, line, column, target, verdict }) => ({
    source,
    line,
    column,
    target,
    ...verdict,
  }));
  return `${JSON.stringify({ end, counts, documents: [...findings.documents].sort(), failures: failuresInOrder(findings), links }, null, 2)}\n`;
}
