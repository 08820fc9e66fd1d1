import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";

export interface Outcome {
  code: number | string | null;
  stdout: string;
  stderr: string;
}

/** Runs a program of this folder in a process of its own, which is killed when it takes longer than `limitMs`. */
export function runProgram(file: string, args: string[], limitMs: number): Promise<Outcome> {
  return new Promise((resolve) => {
    execFile(
      process.execPath,
      ["--conditions=@tsyncio/source", "--import", "tsx", fileURLToPath(new URL(file, import.meta.url)), ...args],
      { timeout: limitMs, killSignal: "SIGKILL" },
      (error, stdout, stderr) =>
        resolve({ code: error === null ? 0 : (error.code ?? error.signal ?? null), stdout, stderr }),
    );
  });
}
