import { generate } from "./language/generate.ts";
import { printPython, printTypeScript, type Style } from "./language/print.ts";
import type { Program } from "./language/program.ts";
import { Oracle } from "./oracle/oracle.ts";
import { Subject } from "./subject/subject.ts";
import { firstDifference } from "./trace.ts";

export const styles: readonly Style[] = ["raw", "named"];

/** A program whose traces differ. */
export interface Difference {
  readonly program: Program;
  readonly style: Style;
  readonly expected: readonly string[];
  readonly actual: readonly string[];
}

/** How awaits ended, by operation: what CPython noted when asked to. */
export type Notes = readonly (readonly [operation: string, error: string])[];

/** Runs programs on both sides. */
export class Comparison {
  readonly #oracle: Oracle;
  readonly #subject = new Subject();

  private constructor(oracle: Oracle) {
    this.#oracle = oracle;
  }

  static async start(): Promise<Comparison> {
    return new Comparison(await Oracle.start(["virtual_loop", "settled", "conform"]));
  }

  /** What CPython does. */
  async ask(
    programs: readonly Program[],
    options?: { noted?: boolean },
  ): Promise<{ traces: string[][]; notes: Notes[] }> {
    const sources = programs.map((program) => printPython(program, options));
    const answer = await this.#oracle.ask("conform", "conform", JSON.stringify(sources), 120_000);
    return JSON.parse(answer as string) as { traces: string[][]; notes: Notes[] };
  }

  /** What tsyncio does, with a deliberate mistake if one is named. */
  try(programs: readonly Program[], style: Style, fault?: string): Promise<string[][]> {
    const sources = programs.map((program) => printTypeScript(program, style));
    return this.#subject.run(sources, { fault });
  }

  /** The first difference of each program that has one. */
  async differences(programs: readonly Program[]): Promise<Difference[]> {
    const [{ traces }, { raw, named }] = await Promise.all([this.ask(programs), this.#tryBoth(programs)]);
    const differences: Difference[] = [];
    programs.forEach((program, index) => {
      const expected = traces[index] as string[];
      const actual = { raw: raw[index] as string[], named: named[index] as string[] };
      const style = styles.find((one) => firstDifference(expected, actual[one], one) !== undefined);
      if (style !== undefined) differences.push({ program, style, expected, actual: actual[style] });
    });
    return differences;
  }

  async #tryBoth(programs: readonly Program[]): Promise<Record<Style, string[][]>> {
    return { raw: await this.try(programs, "raw"), named: await this.try(programs, "named") };
  }

  async stop(): Promise<void> {
    await Promise.all([this.#oracle.stop(), this.#subject.stop()]);
  }
}

/** The programs of `count` seeds from `first` on, shared out among the profiles. */
export function programs(first: number, count: number, profileNames: readonly string[]): Program[] {
  return Array.from({ length: count }, (_, index) =>
    generate(first + index, profileNames[index % profileNames.length] as string),
  );
}
