import { execFile } from "node:child_process";

export interface Outcome {
  code: number | string | null;
  stdout: string;
  stderr: string;
}

/** This Node; where another runtime runs the tests, the one that is installed. */
const node = "Bun" in globalThis || "Deno" in globalThis ? "node" : process.execPath;

/** Runs a program under Node in a process of its own, which is killed when it takes longer than `limitMs`. */
export function runProgram(file: string, args: string[], limitMs: number): Promise<Outcome> {
  return new Promise((resolve) => {
    execFile(
      node,
      ["--conditions=@tsyncio/source", "--import", "tsx", file, ...args],
      { timeout: limitMs, killSignal: "SIGKILL" },
      (error, stdout, stderr) =>
        resolve({ code: error === null ? 0 : (error.code ?? error.signal ?? null), stdout, stderr }),
    );
  });
}
