import { copyContext } from "@tsyncio/context";
import { type CoroutineLike, coroutine, isCoroutine } from "@tsyncio/coroutine";
import { remedy } from "@tsyncio/coroutine/protocol";
import { showResult } from "@tsyncio/future/waiting";
import { EventLoop } from "@tsyncio/loop";
import { allTasks, Task } from "@tsyncio/task";
import { deadlockOf } from "./deadlock.ts";
import { VirtualTimeError } from "./errors.ts";
import { watchHolders } from "./holders.ts";
import { VirtualClock, type VirtualHostOptions } from "./virtual-host.ts";

/** The settings of `runVirtual()`. */
export interface RunVirtualOptions extends VirtualHostOptions {
  /** Debug mode: errors also say where tasks were made. Default: false. */
  readonly debug?: boolean;
  /** How many turns the loop may run while the clock stands still. Default 1,000,000. */
  readonly maxTurns?: number;
}

/** A loop that gives up on a program that spins. */
class LimitedLoop extends EventLoop {
  readonly #maxTurns: number;
  #turns = 0;
  #turnsAtMs = 0;

  constructor(clock: VirtualClock, debug: boolean, maxTurns: number) {
    super({ host: clock, debug });
    this.#maxTurns = maxTurns;
  }

  override _turns(): void {
    const nowMs = this.time();
    if (nowMs !== this.#turnsAtMs) {
      this.#turns = 0;
      this.#turnsAtMs = nowMs;
    }
    if (++this.#turns > this.#maxTurns) {
      throw new VirtualTimeError(
        `the loop ran ${this.#maxTurns} turns while the clock stood still at ${nowMs} ms: something spins, such as a loop around sleep(0); raise maxTurns if it does not`,
      );
    }
    super._turns(1);
  }
}

/** What `runVirtual()` runs: a coroutine, or the function of one, which it calls on the running loop. */
export type Main<T> = CoroutineLike<T> | (() => CoroutineLike<T>);

/**
 * Runs `main` to its end in virtual time, inside this call: sleeps take no time, no promise is involved, and the result
 * is returned, or thrown, as by any other function. When main has ended, tasks that are left over are cancelled and
 * waited for, and failures nobody retrieved go to the loop's exception handler.
 *
 * @throws DeadlockError when main can never go on; VirtualTimeError when it waits for a native promise, or a limit is
 * reached; whatever `main` throws.
 * asyncio counterpart: `asyncio.run`, as far as it runs to the end within the call.
 */
export function runVirtual<T>(main: Main<T>, options: RunVirtualOptions = {}): T {
  const clock = new VirtualClock(options);
  const loop = new LimitedLoop(clock, options.debug ?? false, options.maxTurns ?? 1_000_000);
  clock._onDeadlock = () => deadlockOf(loop);
  const unwatch = watchHolders();
  try {
    const task = new Task<T>(coroutineOf(main, "runVirtual()"), { loop, name: "main" });
    let stuck: unknown;
    try {
      runUntilDone(loop, [task]);
    } catch (error) {
      stuck = error;
    }
    cleanUp(loop);
    if (stuck !== undefined) throw stuck;
    runLastTurns(loop);
    return task.result();
  } finally {
    for (const failure of [...loop._failures]) failure.report();
    loop.close();
    unwatch();
  }
}

/** @throws TypeError when `main` is neither a coroutine nor a function that gives one. */
export function coroutineOf<T>(main: Main<T>, caller: string): CoroutineLike<T> {
  const given: unknown = typeof main === "function" ? named(main)() : main;
  if (isCoroutine(given) || typeof (given as Partial<Generator> | null | undefined)?.next === "function") {
    return given as CoroutineLike<T>;
  }
  throw new TypeError(`a coroutine was expected by ${caller}, got ${showResult(given)}${remedy(given)}`);
}

/** The coroutine function of a generator function: its coroutines know their name. */
export function named<F extends (...args: any) => unknown>(main: F): F {
  const isGenerator = Object.prototype.toString.call(main) === "[object GeneratorFunction]";
  return isGenerator ? (coroutine(main as never) as unknown as F) : main;
}

/** Runs the loop until all tasks are done. */
export function runUntilDone(loop: EventLoop, tasks: readonly Task<any>[]): void {
  const left = new Set(tasks.filter((task) => !task.done()));
  if (left.size === 0) return;
  for (const task of left) {
    // In a context of its own: within another loop's job the current one is in use.
    task.addDoneCallback(
      () => {
        left.delete(task);
        if (left.size === 0) loop.stop();
      },
      { context: copyContext() },
    );
  }
  loop.runForever();
}

/** What is ready still runs, and what that makes ready, for four turns, as at the end of `run()`. */
function runLastTurns(loop: EventLoop): void {
  for (let turns = 0; turns < 4; turns++) {
    loop.stop();
    loop.runForever();
  }
}

/** Cancels what is left over, so that its clean-up runs. What cannot even be cancelled is given up. */
function cleanUp(loop: EventLoop): void {
  const leftovers = [...allTasks(loop)];
  for (const task of leftovers) task.cancel();
  try {
    runUntilDone(loop, leftovers);
  } catch {
    loop._failures.clear();
    return;
  }
  for (const task of leftovers) {
    if (task.cancelled()) continue;
    const exception = task.exception();
    if (exception === null) continue;
    loop.callExceptionHandler({ message: "unhandled exception during runVirtual() shutdown", exception, task });
  }
}
