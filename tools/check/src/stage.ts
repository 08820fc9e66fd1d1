import { type ChildProcess, spawn } from "node:child_process";
import { randomUUID } from "node:crypto";
import { closeSync, mkdirSync, openSync, readFileSync } from "node:fs";
import { dirname } from "node:path";
import { killStage, stageMark } from "./processes.ts";

/** One check: a command that must end with exit code 0 within its time limit. */
export interface Stage {
  readonly name: string;
  readonly command: readonly [string, ...string[]];
  readonly limitSeconds: number;
  /** What this stage needs to have passed before; it fails at once when one of them did not. */
  readonly needs?: readonly string[];
}

export interface StageResult {
  readonly name: string;
  readonly passed: boolean;
  /** Why it failed, in one line; empty when it passed. */
  readonly reason: string;
  readonly seconds: number;
  readonly logFile: string;
}

export interface StageSurroundings {
  readonly directory: string;
  readonly logFile: string;
  /** Aborting kills the stage, which then counts as failed. */
  readonly signal?: AbortSignal;
}

/**
 * Runs a stage to its end or to its limit. The output goes to a file and not through a pipe, so a process
 * the stage leaves behind can hold nothing open; when the stage has ended, whatever it left behind is killed.
 */
export async function runStage(stage: Stage, { directory, logFile, signal }: StageSurroundings): Promise<StageResult> {
  const started = Date.now();
  const mark = randomUUID();
  mkdirSync(dirname(logFile), { recursive: true });
  const log = openSync(logFile, "w");
  const [program, ...args] = stage.command;
  const child = spawn(program, args, {
    cwd: directory,
    detached: true, // the leader of a process group of its own
    env: { ...process.env, FORCE_COLOR: "0", NO_COLOR: "1", [stageMark]: mark },
    stdio: ["ignore", log, log],
  });
  closeSync(log);

  const reason = await outcome(child, stage.limitSeconds, signal);
  if (child.pid !== undefined) killStage(child.pid, mark);
  return { name: stage.name, passed: reason === "", reason, seconds: (Date.now() - started) / 1000, logFile };
}

/** Resolves with "" when the child ended well, else with the reason; never waits past the limit. */
function outcome(child: ChildProcess, limitSeconds: number, signal: AbortSignal | undefined): Promise<string> {
  return new Promise((resolve) => {
    const end = (reason: string): void => {
      clearTimeout(limit);
      signal?.removeEventListener("abort", onAbort);
      resolve(reason);
    };
    const onAbort = (): void => end("was interrupted");
    const limit = setTimeout(() => end(`did not finish within ${limitSeconds} s`), limitSeconds * 1000);
    signal?.addEventListener("abort", onAbort, { once: true });
    if (signal?.aborted) onAbort();
    child.once("error", (error) => end(`could not be started: ${error.message}`));
    child.once("exit", (code, killedBy) => {
      if (code === 0) end("");
      else end(killedBy === null ? `ended with exit code ${code}` : `was ended by ${killedBy}`);
    });
  });
}

/** The last lines of a log, for showing why a stage failed. */
export function tailOf(logFile: string, lines: number): string {
  try {
    return readFileSync(logFile, "utf8").trimEnd().split("\n").slice(-lines).join("\n");
  } catch {
    return "";
  }
}
