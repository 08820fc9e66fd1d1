import type { Difference } from "./compare.ts";
import { pythonParts, typescriptParts } from "./language/print.ts";
import type { Program } from "./language/program.ts";
import { firstDifference } from "./trace.ts";

/** Two texts side by side. */
export function sideBySide(left: readonly string[], right: readonly string[], between = " │ "): string[] {
  const width = Math.max(0, ...left.map((line) => line.length));
  const height = Math.max(left.length, right.length);
  return Array.from({ length: height }, (_, line) =>
    `${(left[line] ?? "").padEnd(width)}${between}${right[line] ?? ""}`.trimEnd(),
  );
}

/** A program in both languages, side by side, function by function. */
export function showProgram(program: Program): string {
  const lines = (part: string): string[] => [...part.split("\n"), ""];
  const right = typescriptParts(program).map(lines);
  const left = pythonParts(program).map((part, index) => {
    const own = lines(part);
    const height = Math.max(own.length, right[index]?.length ?? 0);
    return [...own, ...Array<string>(height - own.length).fill("")];
  });
  const padded = right.map((part, index) => [
    ...part,
    ...Array<string>((left[index]?.length ?? 0) - part.length).fill(""),
  ]);
  return sideBySide(left.flat(), padded.flat()).join("\n");
}

/** A program whose traces differ: in both languages, with both traces, the first difference marked. */
export function showDifference({ program, style, expected, actual }: Difference): string {
  const at = firstDifference(expected, actual, style);
  const traces = sideBySide(["CPython", ...expected], [`tsyncio, ${style}`, ...actual]);
  const marked = traces.map((line, index) => `${at !== undefined && index === at + 1 ? "≠" : " "} ${line}`);
  return [
    `A difference: profile ${program.profile}, seed ${program.seed}, coroutines ${style}`,
    `Replay: pnpm --filter @tsyncio/conformance conform --profile ${program.profile} --seed ${program.seed} --count 1 --show`,
    "",
    showProgram(program),
    "",
    ...marked,
  ].join("\n");
}
