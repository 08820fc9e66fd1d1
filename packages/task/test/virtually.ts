import type { CoroutineLike } from "@tsyncio/coroutine";
import type { Suspension } from "@tsyncio/future";
import { EventLoop, type ExceptionContext } from "@tsyncio/loop";
import { testHost } from "@tsyncio/test-host";
import { allTasks } from "../src/current-task.ts";
import { Task } from "../src/task.ts";

/**
 * Runs `main` on virtual time, within this call, and gives its result. Fails when a task is left pending, or when an
 * error reached the loop's exception handler and `stray` is not given to take it.
 */
export function virtually<T>(main: (loop: EventLoop) => CoroutineLike<T>, stray?: ExceptionContext[]): T {
  const loop = new EventLoop({ host: testHost() });
  const unexpected: ExceptionContext[] = [];
  loop.setExceptionHandler((_loop, context) => (stray ?? unexpected).push(context));
  let result: T;
  try {
    result = loop.runUntilComplete(new Task(main(loop), { loop }));
  } catch (error) {
    loop.close();
    throw error;
  }
  const left = [...allTasks(loop)];
  for (const failure of [...loop._failures]) failure.report();
  loop.close();
  if (left.length > 0) throw new Error(`left pending: ${left.join(", ")}`);
  if (unexpected.length > 0) throw new AggregateError(unexpected.map(toError), "errors nobody was told of");
  return result;
}

function toError({ message, exception }: ExceptionContext): Error {
  return new Error(message, { cause: exception });
}

/** The name and the message of what `body` throws; null when it returns. */
export function* thrownBy(
  body: () => Iterable<Suspension, unknown, unknown>,
): Generator<Suspension, string | null, unknown> {
  try {
    yield* body();
    return null;
  } catch (error) {
    return String(error);
  }
}
