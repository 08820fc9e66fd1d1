import type { Style } from "./language/print.ts";

/** The coroutines of a task in a call graph: raw generators have no names. */
const stack = /<[^<>]*>/g;

/** The number of the first line in which two traces of a program in one style differ; undefined when they are the same. */
export function firstDifference(
  expected: readonly string[],
  actual: readonly string[],
  style: Style,
): number | undefined {
  const seen = (line: string | undefined) => (style === "raw" ? line?.replaceAll(stack, "<>") : line);
  for (let line = 0; line < Math.max(expected.length, actual.length); line++) {
    if (seen(expected[line]) !== seen(actual[line])) return line;
  }
  return undefined;
}
