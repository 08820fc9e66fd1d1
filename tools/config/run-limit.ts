import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import type { Reporter, TestModule } from "vitest/node";

/**
 * Ends a test run that does not end by itself. A test in an endless loop blocks its worker, where no timeout of
 * the test can strike and from where not even its name gets out; this reporter lives in the main process, which
 * stays free. It names the files that were running.
 */
export class RunLimit implements Reporter {
  readonly #limitSeconds: number;
  readonly #reportFile: string;
  readonly #running = new Set<string>();
  #limit: NodeJS.Timeout | undefined;

  constructor(limitSeconds: number, reportFile: string) {
    this.#limitSeconds = limitSeconds;
    this.#reportFile = reportFile;
  }

  onInit(): void {
    this.#limit = setTimeout(() => this.#end(), this.#limitSeconds * 1000);
    this.#limit.unref();
  }

  onTestModuleStart(module: TestModule): void {
    this.#running.add(module.moduleId);
  }

  onTestModuleEnd(module: TestModule): void {
    this.#running.delete(module.moduleId);
  }

  onTestRunEnd(): void {
    // The workers may still hang while they are torn down: vitest's own teardown timeout is in charge from here.
    clearTimeout(this.#limit);
  }

  #end(): void {
    const message = `the run did not finish within ${this.#limitSeconds} s`;
    process.stderr.write(`\n${message}; still running:\n`);
    for (const file of this.#running) process.stderr.write(`  ${file}\n`);
    this.#report(message);
    for (const pid of descendantsOf(process.pid)) kill(pid);
    process.exit(1);
  }

  /** Leaves a report of the shape vitest's own would have had, so that the failure is counted with its name. */
  #report(message: string): void {
    const testResults = [...this.#running].map((name) => ({ name, status: "failed", message, assertionResults: [] }));
    mkdirSync(dirname(this.#reportFile), { recursive: true });
    writeFileSync(this.#reportFile, JSON.stringify({ numPassedTests: 0, numFailedTests: 1, testResults }));
  }
}

/** The children of a process, and theirs, from `/proc`; nothing where there is none. */
function descendantsOf(ancestor: number): number[] {
  const childrenOf = new Map<number, number[]>();
  try {
    for (const entry of readdirSync("/proc").filter((name) => /^\d+$/.test(name))) {
      const parent = parentOf(Number(entry));
      childrenOf.set(parent, [...(childrenOf.get(parent) ?? []), Number(entry)]);
    }
  } catch {
    return [];
  }
  const found: number[] = [];
  for (let next: number[] = [ancestor]; next.length > 0; ) {
    next = next.flatMap((pid) => childrenOf.get(pid) ?? []);
    found.push(...next);
  }
  return found;
}

function parentOf(pid: number): number {
  try {
    // "pid (command) state parent …"; the command may contain anything, so read from its last parenthesis on.
    const status = readFileSync(`/proc/${pid}/stat`, "utf8");
    return Number(status.slice(status.lastIndexOf(")") + 2).split(" ")[1]);
  } catch {
    return -1; // ended in the meantime
  }
}

function kill(pid: number): void {
  try {
    process.kill(pid, "SIGKILL");
  } catch {
    // ended in the meantime
  }
}
