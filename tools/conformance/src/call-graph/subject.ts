import { coroutine } from "@tsyncio/coroutine";
import { type BlockingHost, EventLoop } from "@tsyncio/loop";
import { captureCallGraph, createTask, formatCallGraph } from "@tsyncio/task";
import type { CallGraphCase, Snap } from "./cases.ts";
import { type Snapshot, shapeOf } from "./shape.ts";

/** A clock that jumps to the next timer. */
class JumpingHost implements BlockingHost {
  readonly kind = "blocking";
  readonly clockResolutionMs = 2 ** -10;
  #nowMs = 0;

  now(): number {
    return this.#nowMs;
  }

  wait(untilMs: number | null): void {
    if (untilMs === null) throw new Error("nothing is ready, and no timer is set");
    this.#nowMs = Math.max(this.#nowMs, untilMs);
  }
}

/** Runs a program on tsyncio, and gives what it saw. */
export function look({ main }: CallGraphCase): Snapshot[] {
  const snapshots: Snapshot[] = [];
  const snap: Snap = (label, future, options) => {
    const graph = captureCallGraph(future, options);
    snapshots.push({ label, graph: graph && shapeOf(graph), text: formatCallGraph(future, options) });
  };
  const loop = new EventLoop({ host: new JumpingHost() });
  loop.setExceptionHandler(() => {});
  loop.callSoon(() => {
    const task = createTask(coroutine(main)(snap), { name: "main" });
    task.addDoneCallback(() => loop.stop());
    // main's own failure is the caller's to see.
    task.addDoneCallback(() => task.result());
  });
  loop.runForever();
  loop.close();
  return snapshots;
}
