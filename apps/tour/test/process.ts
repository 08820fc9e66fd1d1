import { spawn } from "node:child_process";
import { fileURLToPath } from "node:url";

const app = fileURLToPath(new URL("..", import.meta.url));
const limitMs = 50_000;

export interface Ended {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs one of this app's files as its own process, which is killed when it takes too long. */
export function runNode(
  file: string,
  words: readonly string[] = [],
  {
    environment = {},
    input = "",
    onOutput,
  }: {
    environment?: Record<string, string>;
    input?: string;
    onOutput?: (
      all: string,
      kill: (signal: NodeJS.Signals) => void,
    ) => void;
  } = {},
): Promise<Ended> {
  return new Promise((resolve, reject) => {
    const child = spawn(
      process.execPath,
      ["--conditions=@tsyncio/source", "--import", "tsx", file, ...words],
      {
        cwd: app,
        env: { ...process.env, NO_COLOR: "", ...environment },
        timeout: limitMs,
        killSignal: "SIGKILL",
      },
    );
    let stdout = "";
    let stderr = "";
    child.stdout.setEncoding("utf8").on("data", (text: string) => {
      stdout += text;
      onOutput?.(stdout, (signal) => child.kill(signal));
    });
    child.stderr.setEncoding("utf8").on("data", (text: string) => {
      stderr += text;
    });
    child.on("error", reject);
    child.on("close", (code, signal) =>
      resolve({ code, signal, stdout, stderr }),
    );
    child.stdin.end(input);
  });
}
