import { isFuture } from "@tsyncio/future";
import { Handle } from "@tsyncio/loop";
import type { Job } from "@tsyncio/loop/job";
import type { Task } from "@tsyncio/task";
import { chainOf, placeOf } from "../sites.ts";
import { ObjectNames, whatIsAwaited } from "../wait-for-graph.ts";
import type { Access } from "./footprint.ts";
import type { ScheduledLoop } from "./scheduled-loop.ts";

/** One row of a timeline. */
export interface TimelineStep {
  /** On the loop's clock. */
  readonly timeMs: number;
  /** The name of the task; null for a callback. */
  readonly task: string | null;
  /** What it did, in words. */
  readonly what: string;
  /** True when asyncio's own order would have run something else. */
  readonly outOfOrder: boolean;
}

/** Callbacks of the explorer itself, which are not shown. */
const ownCallbacks = new WeakSet<object>();

/** Marks a callback as the explorer's own. */
export function own<F extends () => void>(callback: F): F {
  ownCallbacks.add(callback);
  return callback;
}

/** Writes down what happens while a schedule runs. */
export class Timeline {
  readonly steps: TimelineStep[] = [];
  readonly #loop: ScheduledLoop;
  readonly #names = new ObjectNames();
  readonly #started = new Set<Job>();
  #touched: string[] = [];

  constructor(loop: ScheduledLoop) {
    this.#loop = loop;
    loop.onTouch = (object, access) => this.#touch(object, access);
  }

  /** Called after each step. */
  stepEnded(job: Job): void {
    if (this.#ofOurs(job)) return;
    const report = this.#loop.reports.at(-1)!;
    const parts = isFuture(job) ? this.#taskStep(job as Job & Task<any>) : [callback(job), ...this.#touched];
    this.steps.push({
      timeMs: report.timeMs,
      task: isFuture(job) ? this.#loop.nameOf(job as Job & Task<any>) : null,
      what: parts.filter((part) => part !== "").join("; "),
      outOfOrder: report.outOfOrder,
    });
    this.#touched = [];
  }

  toString(): string {
    const rows = this.steps.map(({ timeMs, task, what, outOfOrder }, index) => [
      outOfOrder ? ">" : "",
      String(index + 1),
      `${timeMs} ms`,
      task ?? "-",
      what,
    ]);
    const widths = [0, 1, 2, 3].map((column) => Math.max(...rows.map((row) => row[column]!.length)));
    return rows
      .map(
        ([mark, number, time, task, what]) =>
          `${mark!.padEnd(1)} ${number!.padStart(widths[1]!)}  ${time!.padStart(widths[2]!)}  ${task!.padEnd(widths[3]!)}  ${what}`,
      )
      .join("\n");
  }

  #ofOurs(job: Job): boolean {
    return job instanceof Handle && job._callback !== null && ownCallbacks.has(job._callback);
  }

  #taskStep(task: Task<any>): string[] {
    const begins = !this.#started.has(task as unknown as Job);
    this.#started.add(task as unknown as Job);
    return [begins ? "starts" : "goes on", ...this.#touched, this.#end(task)];
  }

  #end(task: Task<any>): string {
    if (task.cancelled()) return "ends as cancelled";
    if (task.done()) return task._failure === null ? "ends" : `fails: ${failureOf(task)}`;
    const chain = chainOf(task);
    const place = placeOf(chain);
    const where = `${chain.map(({ name }) => `${name}()`).join(" > ")}${place === null ? "" : ` at ${place}`}`;
    const awaited = whatIsAwaited(task, this.#names);
    return awaited === null ? `gives way in ${where}` : `waits in ${where} for ${awaited}`;
  }

  #touch(object: object, access: Access): void {
    const { name } = object as { name?: unknown };
    if (Object.getPrototypeOf(object) !== Object.prototype || typeof name !== "string" || name.endsWith(")")) return;
    const words = `${access === "read" ? "reads" : "writes"} ${name}`;
    if (!this.#touched.includes(words)) this.#touched.push(words);
  }
}

function callback(job: Job): string {
  const name = job instanceof Handle ? (job._callback?.name ?? "") : "";
  if (name === "wake") return "a sleep is over";
  if (name.startsWith("_")) return "a future tells that it is done";
  return `${name === "" ? "a callback" : `${name}()`} is called`;
}

function failureOf(task: Task<any>): string {
  const error = task._failure!.exception;
  return error instanceof Error ? `${error.name}: ${error.message.split("\n")[0]}` : String(error);
}
