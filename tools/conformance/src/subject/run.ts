import { ContextVar, copyContext } from "@tsyncio/context";
import { coroutine } from "@tsyncio/coroutine";
import { CancelledError, Future, isFuture } from "@tsyncio/future";
import { type BlockingHost, EventLoop } from "@tsyncio/loop";
import * as queue from "@tsyncio/queue";
import * as sync from "@tsyncio/sync";
import * as task from "@tsyncio/task";
import { faults } from "./faults.ts";
import { maxEntries, maxLines, maxRunTime, maxTurns } from "./limits.ts";

const { createTask, currentTask, Task } = task;

class Boom extends Error {}
class Bang extends Error {}

/** The program has entered as many functions as it may. */
class Exhausted extends Error {}

/** Nothing is ready, no timer is set: the program is over. */
class Deadlock extends Error {}

/** The program has used up the turns it may take. */
class OutOfTurns extends Error {}

/** A clock that jumps to the next timer. Its resolution is the oracle's. */
class JumpingHost implements BlockingHost {
  readonly kind = "blocking";
  readonly clockResolutionMs = 2 ** -10;
  #nowMs = 0;

  now(): number {
    return this.#nowMs;
  }

  wait(untilMs: number | null): void {
    if (untilMs === null) throw new Deadlock();
    if (untilMs > this.#nowMs) this.#nowMs = untilMs;
  }
}

/** A loop whose program ends, whatever it does, after so many turns. */
class CountingLoop extends EventLoop {
  #turns = 0;

  override _turns(): void {
    if (++this.#turns > maxTurns) throw new OutOfTurns();
    super._turns(1);
  }
}

/** What CPython calls the errors that have another name here. */
const pythonNames: Readonly<Record<string, string>> = { RangeError: "ValueError", LoopClosedError: "RuntimeError" };

function describeError(error: unknown): string {
  if (error instanceof AggregateError) return `ExceptionGroup[${error.errors.map(describeError).join(", ")}]`;
  if (error instanceof CancelledError || error instanceof Boom || error instanceof Bang) {
    const name = error instanceof CancelledError ? "CancelledError" : error.constructor.name;
    return `${name}(${error.message})`;
  }
  if (!(error instanceof Error)) return `thrown ${String(error)}`;
  if (
    error instanceof TypeError &&
    /of (null|undefined)|(null|undefined) is not an object|is not a function/.test(error.message)
  )
    return "Absent";
  // Python's ValueError of a token that is used where it does not belong.
  if (error instanceof TypeError && /made (in|by) a different/.test(error.message)) return "ValueError";
  const name = error instanceof Exhausted ? "Exhausted" : error.name;
  return pythonNames[name] ?? name;
}

/** The number of a task without a name of its own. */
function madeAs(future: object): number {
  const name = future instanceof Task ? future.getName() : "";
  return name.startsWith("Task-") ? Number(name.slice(5)) : 0;
}

type Slots = Record<string, unknown>;

/** A coroutine a Runner is to run, and its place in the program. */
type Placed = readonly [place: number, body: () => Generator<any, unknown, unknown>];

/** A program's functions, and the Runner it is run by. */
interface Loaded {
  setup(): void;
  c0(): never;
  runs(): readonly Placed[];
  readonly Runner: typeof task.Runner;
}

class Run {
  readonly lines: string[] = [];
  readonly #loop = new CountingLoop({ host: new JumpingHost() });
  readonly #slots: Slots = {};
  readonly #labels = new Map<object, string>();
  readonly #puts = new Map<string, number>();
  readonly #kept: unknown[] = [];
  #ended = false;
  #entries = 0;
  #names = 0;

  constructor() {
    this.#loop.setExceptionHandler((_loop, context) => {
      const { message, exception } = context as { message: string; exception?: unknown };
      // When that is reported depends on the garbage collector; the last lines of a trace tell it.
      if (/never retrieved|destroyed/.test(message)) return;
      this.log("stray", exception);
    });
  }

  // What the program calls.

  readonly log = (label: string, ...values: unknown[]): void => {
    if (this.#ended || this.lines.length >= maxLines) return;
    const current = currentTask(this.#loop);
    const who = current === null ? "-" : this.label(current);
    this.lines.push([this.#loop.time(), who, label, ...values.map(this.describe)].join(" "));
  };

  readonly enter = (label: string, ...values: unknown[]): void => {
    this.#entries++;
    this.log(label, ...values);
    if (this.#entries > maxEntries) throw new Exhausted();
  };

  readonly attempt = (label: string, body: () => unknown): void => {
    let value: unknown;
    try {
      value = body();
    } catch (error) {
      this.log(label, error);
      return;
    }
    this.log(label, value);
  };

  readonly put = (slot: string, value: unknown): unknown => {
    const count = (this.#puts.get(slot) ?? -1) + 1;
    this.#puts.set(slot, count);
    this.#kept.push(value);
    if (isFuture(value) && !(value instanceof Task) && !this.#labels.has(value)) {
      this.#labels.set(value, `${slot}.${count}`);
    }
    this.#slots[slot] = value;
    return value;
  };

  /** One of the tasks the program has started so far. */
  readonly started = (number: number): unknown => {
    const tasks = this.#kept.filter((one) => one instanceof Task && one.getName().includes("#"));
    if (tasks.length === 0) throw new RangeError("no task");
    return tasks[number % tasks.length];
  };

  readonly assign = (slot: string, value: unknown): void => {
    (this.#slots[slot] as ContextVar<unknown>).set(value);
  };

  readonly name = (prefix: string): string => `${prefix}#${++this.#names}`;

  // How things are written down.

  readonly label = (future: object): string => {
    let label = this.#labels.get(future);
    if (label !== undefined) return label;
    if (!(future instanceof Task)) return "future";
    label = future.getName();
    if (/^Task-/.test(label)) label = `Task.${this.#labels.size}`;
    this.#labels.set(future, label);
    return label;
  };

  readonly namesOf = (futures: Iterable<object>): string[] =>
    [...futures]
      .sort((a, b) => madeAs(a) - madeAs(b))
      .map(this.label)
      .sort();

  readonly describe = (value: unknown): string => {
    if (value === undefined || value === null) return "None";
    if (value === true) return "True";
    if (value === false) return "False";
    if (typeof value === "string" || typeof value === "number") return String(value);
    if (Array.isArray(value)) return `[${value.map(this.describe).join(", ")}]`;
    if (value instanceof Set) return `[${this.namesOf(value).join(", ")}]`;
    if (value instanceof Error) return describeError(value);
    if (isFuture(value)) return this.label(value);
    // Python's acquire() gives True.
    if (typeof value === "object" && (value as object).constructor.name === "Permit") return "True";
    if ("done" in (value as object) && "pending" in (value as object)) {
      const { done, pending } = value as task.Waited<Future>;
      return this.describe([done, pending]);
    }
    return (value as object).constructor.name;
  };

  /** Who waits for a future, with the functions of the program each of them is in. */
  readonly graph = (future: Future): string => this.#showGraph(task.captureCallGraph(future) as task.FutureCallGraph);

  #showGraph({ future, callStack, awaitedBy }: task.FutureCallGraph): string {
    const label = this.label(future);
    const stack = callStack.map(({ coroutine }) => coroutine.name).filter((name) => /^c\d+$/.test(name));
    const waiters = [...awaitedBy].sort((a, b) => madeAs(a.future) - madeAs(b.future));
    const shown = waiters.map((one) => this.#showGraph(one)).sort();
    return `${label}<${stack.join(" ")}>${shown.length === 0 ? "" : `(${shown.join(", ")})`}`;
  }

  // One run.

  onLoop(source: string, fault: string | undefined): string[] {
    const program = this.#load(source, fault, "setup, c0");
    this.#loop.callSoon(() => {
      program.setup();
      this.put("task0", createTask(program.c0(), { name: "main" }));
    });
    try {
      this.#loop.runForever();
    } catch (error) {
      if (error instanceof OutOfTurns) this.log("out of turns");
      else if (!(error instanceof Deadlock)) this.lines.push(`the loop failed: ${(error as Error).stack ?? error}`);
    }
    this.#end();
    return this.lines;
  }

  async onRunner(source: string, fault: string | undefined): Promise<string[]> {
    const { setup, runs, Runner } = this.#load(source, fault, "setup, runs");
    const main = coroutine(function* main(number: number, [place, body]: Placed, run: Run) {
      const current = currentTask() as task.Task<any>;
      current.setName(`run${number}`);
      if (number === 0) setup();
      run.put(`task${place}`, current);
      // Whatever it waits for, there is a next run.
      run.#loop.callLater(maxRunTime, () => current.cancel("late"));
      return yield* body();
    });
    const runner = new Runner({ loopFactory: () => this.#loop });
    for (const [number, one] of runs().entries()) {
      if (!(await this.#attemptOnLoop(`run ${number}`, () => runner.run(main(number, one, this))))) break;
    }
    await this.#attemptOnLoop("close", () => runner.close());
    this.#end();
    return this.lines;
  }

  /** Whether the loop could do it, with a result or an error. */
  async #attemptOnLoop(label: string, body: () => Promise<unknown>): Promise<boolean> {
    try {
      this.log(label, await body());
    } catch (error) {
      const stopped =
        error instanceof Deadlock ? "waits for ever" : error instanceof OutOfTurns ? "out of turns" : null;
      this.log(label, stopped ?? error);
      return stopped === null;
    }
    return true;
  }

  #load(source: string, fault: string | undefined, functions: string): Loaded {
    const sound: Record<string, unknown> = {
      ...task,
      ...sync,
      ...queue,
      ContextVar,
      copyContext,
      CancelledError,
      Future,
      coroutine,
      loop: this.#loop,
      s: this.#slots,
      log: this.log,
      enter: this.enter,
      attempt: this.attempt,
      put: this.put,
      assign: this.assign,
      started: this.started,
      name: this.name,
      labels: this.namesOf,
      graph: this.graph,
      *idle() {},
      nothing() {},
      Boom,
      Bang,
    };
    const scope = fault === undefined ? sound : { ...sound, ...faults[fault]?.break(sound) };
    const names = Object.keys(scope);
    const make = new Function(...names, `"use strict";\n${source}\nreturn { ${functions} };`);
    return { ...make(...names.map((name) => scope[name])), Runner: scope.Runner } as Loaded;
  }

  #end(): void {
    for (const future of new Set(this.#kept.filter(isFuture))) {
      const unretrieved = future._failure === null ? "" : " unretrieved";
      let outcome: string;
      if (!future.done()) outcome = "pending";
      else if (future.cancelled()) outcome = "cancelled";
      else outcome = this.describe(future.exception() ?? future.result());
      this.lines.push(`end ${this.label(future)} ${outcome}${unretrieved}`);
    }
    this.#ended = true;
    this.#loop.close();
  }
}

/**
 * Runs a program printed in TypeScript, and gives its trace. Ends in all cases in which the loop's turns do.
 *
 * @param fault The name of a deliberate mistake.
 */
export function runProgram(source: string, fault?: string): string[] {
  return new Run().onLoop(source, fault);
}

/** The same for a program that a Runner runs, which gives promises. */
export function runProgramOnRunner(source: string, fault?: string): Promise<string[]> {
  return new Run().onRunner(source, fault);
}
