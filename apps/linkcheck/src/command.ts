import { CancelledError } from "@tsyncio/future";
import { createTask, run, TimeoutError } from "@tsyncio/task";
import { check } from "./check.ts";
import { Findings } from "./findings.ts";
import { type Options, parseOptions, UsageError, usage } from "./options.ts";
import { showProgress } from "./progress.ts";
import { type End, toJson, toText } from "./report.ts";
import { Visitor } from "./web/visitor.ts";

/** What the command says and hears. */
export interface Surroundings {
  readonly out: (text: string) => void;
  readonly err: (text: string) => void;
  /** Where the progress line goes: a terminal, or null. */
  readonly terminal: ((text: string) => void) | null;
  /** Aborted when it is interrupted. */
  readonly signal: AbortSignal;
}

/** The whole command: gives its exit code. */
export async function command(args: readonly string[], surroundings: Surroundings): Promise<number> {
  const { out, err, terminal, signal } = surroundings;
  let options: Options | "help";
  try {
    options = parseOptions(args);
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    err(`linkcheck: ${error.message}\n\n${usage}\n`);
    return 2;
  }
  if (options === "help") {
    out(`${usage}\n`);
    return 0;
  }
  // It is filled as the run goes: whatever ends the run, it holds what is known.
  const findings = new Findings();
  const end = await fill(findings, options, terminal, signal);
  out(options.json ? toJson(findings, end) : toText(findings, end, options.quiet));
  if (end === "interrupted") return 130;
  if (findings.anythingBroken) return 1;
  return end === "deadline" ? 3 : 0;
}

async function fill(
  findings: Findings,
  options: Options,
  terminal: Surroundings["terminal"],
  signal: AbortSignal,
): Promise<End> {
  try {
    await run(main(findings, options, terminal), { signal });
    return "complete";
  } catch (error) {
    if (error instanceof TimeoutError) return "deadline";
    if (error instanceof CancelledError) return "interrupted";
    throw error;
  }
}

function* main(findings: Findings, options: Options, terminal: Surroundings["terminal"]) {
  const progress = terminal === null ? null : createTask(showProgress(findings, terminal));
  try {
    yield* check(options, new Visitor(options), findings);
  } finally {
    progress?.cancel();
  }
}
