import { execFile } from "node:child_process";

export interface Outcome {
  code: number | string | null;
  stdout: string;
  stderr: string;
}

export const onBun = "Bun" in globalThis;

/** How the runtime that runs the tests runs a TypeScript file. */
function command(): string[] {
  if (onBun) return [];
  if ("Deno" in globalThis) return ["run", "-A"];
  return ["--import", "tsx"];
}

/** The packages are their sources, except where the tests are run on what is built. */
const condition = process.env.TSYNCIO_BUILT === "1" ? [] : ["--conditions=@tsyncio/source"];

/** Runs a program in a process of its own, which is killed when it takes longer than `limitMs`. */
export function runProgram(file: string, args: string[], limitMs: number): Promise<Outcome> {
  return new Promise((resolve) => {
    execFile(
      process.execPath,
      [...command(), ...condition, file, ...args],
      { timeout: limitMs, killSignal: "SIGKILL" },
      (error, stdout, stderr) =>
        resolve({ code: error === null ? 0 : (error.code ?? error.signal ?? null), stdout, stderr }),
    );
  });
}
