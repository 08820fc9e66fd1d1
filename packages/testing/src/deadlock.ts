import { RuntimeError } from "@tsyncio/context";
import type { EventLoop } from "@tsyncio/loop";
import { attach } from "./errors.ts";
import { watchHolders } from "./holders.ts";
import { describeGraph, type WaitForGraph, waitForGraph } from "./wait-for-graph.ts";

/**
 * Nothing is ready, no timer is set, and somebody waits: what they wait for can never come.
 *
 * Its message shows who waits for what and who holds it; `graph` holds the same as data.
 */
export class DeadlockError extends RuntimeError {
  override name = "DeadlockError";
  declare readonly graph: WaitForGraph;

  constructor(graph: WaitForGraph) {
    super(describeGraph(graph));
    attach(this, "graph", graph);
  }
}

/** The deadlock of a loop that has nothing to do. */
export function deadlockOf(loop: EventLoop): DeadlockError {
  return new DeadlockError(waitForGraph(loop));
}

/**
 * For the option `onDeadlock` of `run()`: from now on it is noted who takes and gives back locks and permits; when main
 * can never go on, `run` rejects with a DeadlockError that tells.
 *
 *     await run(main(), { onDeadlock: explainDeadlocks() });
 */
export function explainDeadlocks(): (loop: EventLoop) => DeadlockError {
  watchHolders();
  return deadlockOf;
}
