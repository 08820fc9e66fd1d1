import { spawn } from "node:child_process";

export interface Run {
  readonly exitCode: number | null;
  readonly output: string;
  readonly errors: string;
  readonly timedOut: boolean;
}

/** Runs Node with the given arguments, and kills it and all it started when the limit is reached. */
export function runNode(args: readonly string[], directory: string, limitSeconds: number): Promise<Run> {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, args, {
      cwd: directory,
      detached: true,
      env: { ...process.env, NO_COLOR: "1", FORCE_COLOR: "0" },
      stdio: ["ignore", "pipe", "pipe"],
    });
    let output = "";
    let errors = "";
    child.stdout.setEncoding("utf8").on("data", (text: string) => (output += text));
    child.stderr.setEncoding("utf8").on("data", (text: string) => (errors += text));
    const killAll = (): void => {
      try {
        process.kill(-child.pid!, "SIGKILL");
      } catch {
        // Nothing of it is left.
      }
    };
    const end = (exitCode: number | null, timedOut: boolean): void => {
      clearTimeout(limit);
      resolve({ exitCode, output, errors, timedOut });
    };
    const limit = setTimeout(() => {
      killAll();
      end(null, true); // without waiting for the pipes, which may be held open by what got away
    }, limitSeconds * 1000);
    child.once("exit", killAll);
    child.once("close", (exitCode) => end(exitCode, false));
  });
}
