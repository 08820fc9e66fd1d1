import type { Comparison } from "./compare.ts";
import type { Block, Program } from "./language/program.ts";

/** How often each operation was carried out, and how it ended: "" with a value, else the error's name. */
export type Coverage = Map<string, Map<string, number>>;

const errorName = /^([A-Z][A-Za-z]+(?:Error|Empty|Full|ShutDown|Group)|Boom|Bang|Exhausted|Absent)\b/;

/** Counts what programs reach on CPython: what is carried out at all, and what is cancelled or fails while it waits. */
export async function coverage(comparison: Comparison, programs: readonly Program[]): Promise<Coverage> {
  const { traces, notes } = await comparison.ask(programs, { noted: true });
  const found: Coverage = new Map();
  const count = (op: string, how: string): void => {
    const outcomes = found.get(op) ?? new Map<string, number>();
    found.set(op, outcomes.set(how, (outcomes.get(how) ?? 0) + 1));
  };
  programs.forEach((program, index) => {
    const ops = new Map<string, string>();
    const visit = (block: Block): void => {
      for (const { id, op, blocks } of block) {
        ops.set(id, op);
        blocks.forEach(visit);
      }
    };
    for (const { body } of program.functions) visit(body);
    for (const line of traces[index] as string[]) {
      const [, , id = "", ...rest] = line.split(" ");
      const op = ops.get(id);
      if (op === undefined) continue;
      const text = rest.join(" ");
      const caught = text.startsWith("caught ") ? text.slice(7) : text;
      count(op, errorName.exec(caught)?.[1] ?? "");
    }
    for (const [op, error] of notes[index] as readonly (readonly [string, string])[]) {
      if (error !== "") count(op, errorName.exec(error)?.[1] ?? "");
    }
  });
  return found;
}

/** A table of it. */
export function showCoverage(covered: Coverage): string {
  return [...covered]
    .map(([op, outcomes]) => {
      const parts = [...outcomes].sort(([, a], [, b]) => b - a).map(([how, times]) => `${how || "value"} ${times}`);
      return `${op.padEnd(28)} ${parts.join(", ")}`;
    })
    .sort()
    .join("\n");
}
