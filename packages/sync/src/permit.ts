import { permits } from "./permits.ts";

/** What gives permits and takes them back. */
interface Releasable {
  release(): void;
}

/**
 * The right that `acquire()` gave. It goes back once, however often it is released or disposed of:
 *
 * ```ts
 * using permit = yield* lock.acquire();
 * ```
 *
 * asyncio counterpart: the block of `async with lock`.
 */
export class Permit {
  private _from: Releasable | null;

  /** @internal */
  constructor(from: Releasable) {
    this._from = from;
    permits.taken(from);
  }

  /** Whether it went back. */
  get released(): boolean {
    return this._from === null;
  }

  /** Gives it back; the second time does nothing. Does not suspend. */
  release(): void {
    const from = this._from;
    this._from = null;
    from?.release();
  }

  /** Gives it back, when a `using` block ends. */
  [Symbol.dispose](): void {
    this.release();
  }

  /** What it is a permit of, and whether it was given back. */
  toString(): string {
    return this._from === null ? "<Permit released>" : `<Permit of ${this._from}>`;
  }
}
