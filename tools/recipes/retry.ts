import { CancelledError } from "@tsyncio/future";
import { sleep } from "@tsyncio/task";

/** What the recipes test: calls `attempt` until it succeeds, and waits longer after each failure. */
export function* retry<T>(attempt: () => Generator<any, T, unknown>, times: number) {
  for (let n = 1; ; n++) {
    try {
      return yield* attempt();
    } catch (error) {
      if (error instanceof CancelledError || n === times) throw error;
      yield* sleep(1000 * 2 ** n);
    }
  }
}
