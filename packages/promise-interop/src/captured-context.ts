import { Context } from "@tsyncio/context";
import { registry } from "@tsyncio/context/registry";

/** A context as a job waiting for its turn holds it: null is one without any variable, which most are. */
export type CapturedContext = Context | null;

/** A copy of the current context, without allocating where there is nothing to copy. */
export function captureContext(): CapturedContext {
  const current = registry.context as Context | null;
  return current === null || current.size === 0 ? null : current.copy();
}

let empty = new Context();

/** The context to run a job in. An empty one is used again for as long as nobody sets a variable in it. */
export function contextOf(captured: CapturedContext): Context {
  if (captured !== null) return captured;
  if (empty.size > 0 || empty._entered) empty = new Context();
  return empty;
}
