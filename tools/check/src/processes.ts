import { readdirSync, readFileSync } from "node:fs";

/**
 * The environment variable that marks every process of one stage. A process group is not enough to find them all:
 * turbo and others start groups and sessions of their own, but a child inherits its parent's environment.
 */
export const stageMark = "TSYNCIO_STAGE";

/** The processes, other than this one, whose environment carries the mark. Empty where there is no `/proc`. */
function processesMarked(mark: string): number[] {
  const wanted = `${stageMark}=${mark}`;
  return runningProcesses().filter((pid) => pid !== process.pid && environmentOf(pid).includes(wanted));
}

/** Kills the process group that `leader` leads, and every process that carries the mark, whatever its group. */
export function killStage(leader: number, mark: string): void {
  kill(-leader);
  // A process killed here may have forked just before: look again until none is left, but not for ever.
  for (let round = 0; round < 20; round++) {
    const left = processesMarked(mark);
    if (left.length === 0) return;
    for (const pid of left) kill(pid);
  }
}

/** Whether a process still runs. A killed one stays a zombie until whoever adopted it collects it, but runs no more. */
export function isAlive(pid: number): boolean {
  try {
    return !/^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, "utf8"));
  } catch {
    return false;
  }
}

function runningProcesses(): number[] {
  try {
    return readdirSync("/proc")
      .filter((entry) => /^\d+$/.test(entry))
      .map(Number);
  } catch {
    return [];
  }
}

function environmentOf(pid: number): string[] {
  try {
    // A zombie's environment reads as empty: it is dead already and needs no killing.
    return readFileSync(`/proc/${pid}/environ`, "utf8").split("\0");
  } catch {
    return [];
  }
}

function kill(pid: number): void {
  try {
    process.kill(pid, "SIGKILL");
  } catch {
    // It ended by itself in the meantime.
  }
}
