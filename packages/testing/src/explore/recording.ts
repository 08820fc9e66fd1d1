import { registry, watchCoroutines } from "@tsyncio/context/registry";
import { Future } from "@tsyncio/future";
import { EventLoop, Handle, TimerHandle } from "@tsyncio/loop";
import { Queue } from "@tsyncio/queue";
import { Barrier, Event, Lock, Semaphore } from "@tsyncio/sync";
import { WaitQueue } from "@tsyncio/sync/wait-queue";
import { asCompleted, Task } from "@tsyncio/task";
import { virtualHost } from "../virtual-host.ts";
import type { Access } from "./footprint.ts";
import type { ScheduledLoop } from "./scheduled-loop.ts";

/** The loop whose step is running while a program is explored. */
let recording: ScheduledLoop | null = null;

/** Notes that the running step touches `object`, if a program is being explored. */
export function touch(object: object, access: Access): void {
  recording?.touch(object, access);
}

type Methods = Readonly<Record<string, Access>>;

/** What each method does to its object. Whatever a class does to itself goes through one of these. */
const methods: readonly (readonly [object, Methods])[] = [
  [
    Future.prototype,
    {
      done: "read",
      cancelled: "read",
      result: "read",
      exception: "read",
      cancel: "write",
      _settle: "write",
      _subscribe: "join",
      _unsubscribe: "join",
      removeDoneCallback: "join",
    },
  ],
  [Task.prototype, { cancel: "write", uncancel: "write", cancelling: "read" }],
  [Handle.prototype, { cancel: "write", cancelled: "read" }],
  [TimerHandle.prototype, { cancel: "write" }],
  [Lock.prototype, { locked: "read", release: "write", _take: "write", _wakeFirst: "write" }],
  [Semaphore.prototype, { locked: "read", release: "write", _take: "write", _wakeNext: "write" }],
  [Event.prototype, { isSet: "read", set: "write", clear: "write" }],
  [Barrier.prototype, { _enter: "write", _leave: "write" }],
  [
    Queue.prototype,
    {
      qsize: "read",
      empty: "read",
      full: "read",
      putNowait: "write",
      getNowait: "write",
      taskDone: "write",
      shutdown: "write",
      statistics: "read",
    },
  ],
];

/** Who waits in a queue of waiters is part of the state of the thing that is waited for. */
const waitQueueMethods = ["add", "remove", "hasLive", "wakeNext", "wakeAll", "shiftNext", "shiftAll"];

/**
 * Watches futures, locks and queues for as long as `body` runs: their methods are wrapped, and put back as they were.
 * That is why a program that is not explored pays nothing.
 */
export function withRecording<T>(body: () => T): T {
  const restore: (() => void)[] = [];
  for (const [prototype, accesses] of methods) {
    for (const [name, access] of Object.entries(accesses)) {
      restore.push(wrap(prototype, name, (object) => recording?.touch(object, access)));
    }
  }
  for (const name of waitQueueMethods) {
    restore.push(
      wrap(
        WaitQueue.prototype,
        name,
        (queue) => recording?.touch((queue as WaitQueue).resource, "write"),
        (result) => {
          if (name === "add") recording?.made(result as object);
        },
      ),
    );
  }
  restore.push(wrapState());
  const asCompletedPrototype = Object.getPrototypeOf(onSomeLoop(() => asCompleted([]))) as object;
  for (const name of ["_handleDone", "_handleTimeout", "_take", "_next"]) {
    restore.push(wrap(asCompletedPrototype, name, (object) => touch(object, "write")));
  }
  restore.push(withoutGuards());
  try {
    return body();
  } finally {
    for (const undo of restore.reverse()) undo();
  }
}

/** Runs that are given up leave coroutines behind, and programs may be meant to fail: a test's guards do not look here. */
function withoutGuards(): () => void {
  const { coroutineMade, cancellationSwallowed } = registry;
  watchCoroutines(null);
  registry.cancellationSwallowed = null;
  return () => {
    watchCoroutines(coroutineMade);
    registry.cancellationSwallowed = cancellationSwallowed;
  };
}

/** Makes `loop` the one whose steps are recorded while `body` runs. */
export function recordingOn<T>(loop: ScheduledLoop, body: () => T): T {
  const outer = recording;
  recording = loop;
  try {
    return body();
  } finally {
    recording = outer;
  }
}

function wrap(
  prototype: object,
  name: string,
  before: (object: object) => void,
  after?: (result: unknown) => void,
): () => void {
  const original = Object.getOwnPropertyDescriptor(prototype, name);
  const method = original?.value as ((...args: unknown[]) => unknown) | undefined;
  // A class may leave a method to the class it extends: then that one's is wrapped.
  if (original === undefined || method === undefined) return () => {};
  Object.defineProperty(prototype, name, {
    ...original,
    value(this: object, ...args: unknown[]) {
      before(this);
      const result = method.apply(this, args);
      after?.(result);
      return result;
    },
  });
  return () => Object.defineProperty(prototype, name, original);
}

/** A loop for what cannot be made without one. */
function onSomeLoop<T>(body: () => T): T {
  const outer = registry.runningLoop;
  registry.runningLoop = new EventLoop({ host: virtualHost() });
  try {
    return body();
  } finally {
    registry.runningLoop = outer;
  }
}

function wrapState(): () => void {
  const original = Object.getOwnPropertyDescriptor(Future.prototype, "state")!;
  Object.defineProperty(Future.prototype, "state", {
    ...original,
    get(this: Future) {
      touch(this, "read");
      return original.get!.call(this);
    },
  });
  return () => Object.defineProperty(Future.prototype, "state", original);
}
