/** Replays recorded programs: needs neither CPython nor anything of the platform, so it runs on every JavaScript runtime. */
import { printTypeScript, type Style } from "./language/print.ts";
import type { Program } from "./language/program.ts";
import { runProgram } from "./subject/run.ts";
import { firstDifference } from "./trace.ts";

/** A program, and what CPython does with it. */
export interface Recording {
  readonly program: Program;
  readonly trace: readonly string[];
}

/** What `replay` found. */
export interface Replayed {
  readonly passed: number;
  /** Of each program that differs: which it is, and the first line that differs. */
  readonly failures: readonly string[];
}

/** Runs every program in both styles, and compares. */
export function replay(recordings: readonly Recording[]): Replayed {
  const failures: string[] = [];
  let passed = 0;
  for (const { program, trace } of recordings) {
    for (const style of ["raw", "named"] as const satisfies readonly Style[]) {
      const actual = runProgram(printTypeScript(program, style));
      const line = firstDifference(trace, actual, style);
      if (line === undefined) passed++;
      else {
        const what = `profile ${program.profile}, seed ${program.seed}, ${style}, line ${line + 1}`;
        failures.push(`${what}: expected "${trace[line] ?? ""}", got "${actual[line] ?? ""}"`);
      }
    }
  }
  return { passed, failures };
}
