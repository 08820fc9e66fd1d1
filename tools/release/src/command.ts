import { spawn } from "node:child_process";

export interface CommandOptions {
  readonly directory: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly limitSeconds?: number;
}

export interface CommandResult {
  readonly exitCode: number | null;
  readonly output: string;
}

/** Runs a command to its end, and kills it with all its children when that takes too long. */
export function attempt(command: readonly string[], options: CommandOptions): Promise<CommandResult> {
  const { directory, env = {}, limitSeconds = 90 } = options;
  const [program, ...args] = command;
  return new Promise((resolve, reject) => {
    const child = spawn(program!, args, {
      cwd: directory,
      detached: true,
      env: { ...process.env, NO_COLOR: "1", FORCE_COLOR: "0", ...env },
      stdio: ["ignore", "pipe", "pipe"],
    });
    let output = "";
    const collect = (text: string): void => {
      output += text;
    };
    child.stdout.setEncoding("utf8").on("data", collect);
    child.stderr.setEncoding("utf8").on("data", collect);
    const limit = setTimeout(() => {
      killGroup(child.pid);
      reject(new Error(`${command.join(" ")} did not end within ${limitSeconds} s\n${output}`));
    }, limitSeconds * 1000);
    child.once("error", (error) => {
      clearTimeout(limit);
      reject(error);
    });
    child.once("exit", () => killGroup(child.pid));
    child.once("close", (exitCode) => {
      clearTimeout(limit);
      resolve({ exitCode, output });
    });
  });
}

/** As `attempt`, and fails when the command fails; gives what it printed. */
export async function execute(command: readonly string[], options: CommandOptions): Promise<string> {
  const { exitCode, output } = await attempt(command, options);
  if (exitCode !== 0) throw new Error(`${command.join(" ")} ended with exit code ${exitCode}\n${output}`);
  return output;
}

/** Kills a process group; what has ended already is none. */
export function killGroup(leader: number | undefined): void {
  if (leader === undefined) return;
  try {
    process.kill(-leader, "SIGKILL");
  } catch {
    // Nothing of it is left.
  }
}
