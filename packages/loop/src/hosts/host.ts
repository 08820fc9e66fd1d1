/** A clock, and a way to be woken: all that a loop asks of the platform. */
export type Host = GuestHost | BlockingHost;

/** What every host has. */
export interface Clock {
  /** Milliseconds on a clock that never goes back. */
  now(): number;
  /** The smallest step that clock can tell, in milliseconds: timers due within it count as due. */
  readonly clockResolutionMs: number;
  /**
   * Asked before something of the platform is waited for, such as a native promise: gives the error to throw when that
   * can never come while the loop runs on this host, else null.
   */
  refuseOutside?(what: string): Error | null;
}

/** A host on a platform that has a loop of its own, whose guest ours is. */
export interface GuestHost extends Clock {
  readonly kind: "guest";
  /** Calls `run` soon, once, never within this call. */
  wakeSoon(run: () => void): void;
  /** Calls `run` once the clock shows `whenMs`, unless the function it gives is called before. */
  wakeAt(whenMs: number, run: () => void): () => void;
  /** How long turns may follow each other before the platform gets its share, in milliseconds. */
  readonly turnBudgetMs: number;
  /** Calls `run` after the platform had its share: its timers, its I/O, its rendering. */
  giveWay(run: () => void): void;
  /** Calls `listener` when the platform has nothing left to do, if it can tell; the function it gives stops that. */
  onIdle?(listener: () => void): () => void;
}

/** A host that owns the thread: it waits by blocking it. */
export interface BlockingHost extends Clock {
  readonly kind: "blocking";
  /** Blocks until the clock shows `untilMs`; null when there is no timer to wait for. */
  wait(untilMs: number | null): void;
  /** Told of the loop that is made on it, so that it can run or stop that loop. */
  attach?(loop: { runForever(): void; stop(): void }): void;
}
