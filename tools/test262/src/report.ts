import type { Verdicts } from "./suite.ts";

export interface Comparison {
  readonly lines: readonly string[];
  /** Tests that the platform's promise passes and ours does not. */
  readonly behind: readonly string[];
}

/** How the promises of some storeys did beside the platform's own. */
export function compare(native: Verdicts, ours: ReadonlyMap<string, Verdicts>, platform: string): Comparison {
  const lines = [score(platform, native)];
  const behind = new Set<string>();
  for (const [name, verdicts] of ours) lines.push(score(name, verdicts));
  for (const [name, verdicts] of [[platform, native] as const, ...ours]) {
    for (const [test, problem] of verdicts) {
      if (problem === null) continue;
      lines.push(`${name} fails ${test}: ${problem}`);
      if (verdicts !== native && native.get(test) === null) behind.add(test);
    }
  }
  return { lines, behind: [...behind] };
}

function score(name: string, verdicts: Verdicts): string {
  const passed = [...verdicts.values()].filter((problem) => problem === null).length;
  return `${name}: ${passed} of ${verdicts.size} tests pass`;
}
