import { RuntimeError } from "@tsyncio/context";
import { type EventLoop, getRunningLoop } from "@tsyncio/loop";

/**
 * Something that belongs to the first loop on which a task has to wait for it, and to no other from then on.
 *
 * Making one needs no loop, and neither does using it as long as nobody waits.
 */
export abstract class LoopBound {
  /** @internal */
  _loop: EventLoop | null = null;
  /** What it is a part of, and waits for: a barrier's condition … For those who explain waiting. @internal */
  _partOf: object | null = null;

  /**
   * The running loop.
   *
   * @throws RuntimeError when no loop is running, or another one than before.
   * @internal
   */
  _getLoop(): EventLoop {
    const loop = getRunningLoop();
    this._loop ??= loop;
    if (loop !== this._loop) throw new RuntimeError(`${this} is bound to a different event loop`);
    return loop;
  }
}
