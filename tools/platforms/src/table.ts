/** How many of something passed, and what did not. */
export interface Tally {
  readonly passed: number;
  readonly failed: readonly string[];
}

export interface Row {
  readonly platform: string;
  readonly version: string;
  /** The suites of the built packages. */
  readonly suites: Tally;
  /** The tests of what no user can reach, which run on the sources. */
  readonly internals: Tally;
  readonly tour: Tally | null;
  readonly traces: Tally;
  readonly host: Tally;
  readonly worker: Tally | null;
  /** In a tab behind another. */
  readonly background: Tally | null;
}

export function cell(tally: Tally | null): string {
  if (tally === null) return "–";
  const { passed, failed } = tally;
  return failed.length === 0 ? `${passed}` : `**${passed} of ${passed + failed.length}**`;
}

const names: Readonly<Record<string, string>> = { deno: "Deno", bun: "Bun", chromium: "Chromium" };

/** The platforms and what was found on each, as Markdown. */
export function table(rows: readonly Row[]): string {
  const lines = rows.map((row) => [
    `${names[row.platform] ?? "Node"} ${row.version}`,
    cell(row.suites),
    cell(row.internals),
    row.tour === null ? "–" : row.tour.failed.length === 0 ? "as told" : "**not as told**",
    cell(row.traces),
    cell(row.host),
    cell(row.worker),
    cell(row.background),
  ]);
  const header = ["platform", "suites", "internals", "tour", "traces", "host", "worker", "background"];
  return [header, header.map((_, column) => (column === 0 ? "---" : "---:")), ...lines]
    .map((line) => `| ${line.join(" | ")} |`)
    .join("\n");
}
