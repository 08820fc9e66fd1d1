type CoroutineMade = (coroutine: object) => void;

/** Is told of the permits of locks and semaphores. */
export interface PermitWatcher {
  /** Somebody took a permit. */
  taken(resource: object): void;
  /** Somebody gave one back. */
  returned(resource: object): void;
}

/**
 * What every loaded copy of the packages shares: which context, loop and driver are current.
 *
 * It lives behind a `Symbol.for` key on the global object, so that two copies (an ESM and a CommonJS one, or two
 * versions) see each other's loop, task and futures. Fields are only ever added, never given another meaning.
 */
export interface Registry {
  /** The context whose variables are being read and written, or null before the first one is needed. */
  context: object | null;
  /** The loop that is running a job now, or null. */
  runningLoop: object | null;
  /** The loop `getEventLoop()` gives outside every loop, or null until it is asked for. */
  defaultLoop: object | null;
  /** Called with each coroutine object made, when somebody watches (see `watchCoroutines`); otherwise null. */
  readonly coroutineMade: CoroutineMade | null;
  /** Called when that is set, for the coroutines of each copy: so they need not ask for it each time. */
  readonly onCoroutineMade: ((made: CoroutineMade | null) => void)[];
  /** Called when a swallowed cancellation is detected; otherwise null. */
  cancellationSwallowed: ((task: object) => void) | null;
  /** How many coroutines are being driven by hand now, and not by a task. */
  drivenByHand: number;
  /** What a callee that began inside the `yield*` of its caller has suspended with. */
  suspendedInside: object | null;
  /** How a layer below `task` turns any awaitable into a future: set by `@tsyncio/task`; null before it is loaded. */
  ensureFuture: ((awaitable: unknown) => object) | null;
  /** Told of permits of locks and semaphores, when somebody watches (see `watchPermits`); otherwise null. */
  readonly permits: PermitWatcher | null;
  /** Called when that is set, for the locks and semaphores of each copy: so they need not ask for it each time. */
  readonly onPermits: ((watcher: PermitWatcher | null) => void)[];
  /** The step on its way to the driver, where the engine's `yield*` hands on no more than its value; otherwise null. */
  step: object | null;
}

const key = Symbol.for("tsyncio.registry");
const host = globalThis as { [key]?: Registry };

/** The one registry of this realm. */
export const registry: Registry = (host[key] ??= {
  context: null,
  runningLoop: null,
  defaultLoop: null,
  coroutineMade: null,
  onCoroutineMade: [],
  cancellationSwallowed: null,
  drivenByHand: 0,
  suspendedInside: null,
  ensureFuture: null,
  permits: null,
  onPermits: [],
  step: null,
});

/** Calls `made` with each coroutine object that is made from now on, by any copy; null for nobody. */
export function watchCoroutines(made: CoroutineMade | null): void {
  (registry as { coroutineMade: CoroutineMade | null }).coroutineMade = made;
  for (const tell of registry.onCoroutineMade) tell(made);
}

/** Tells `watcher` of each permit that is taken or given back from now on, in any copy; null for nobody. */
export function watchPermits(watcher: PermitWatcher | null): void {
  (registry as { permits: PermitWatcher | null }).permits = watcher;
  for (const tell of registry.onPermits) tell(watcher);
}
