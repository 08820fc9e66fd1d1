import type { CoroutineGenerator } from "@tsyncio/coroutine";
import { Finished, ImmediateCoroutine } from "./immediate-coroutine.ts";
import { Permit } from "./permit.ts";

/** What gives permits, at once or later. */
export interface PermitSource {
  /** Takes a permit if one is free and nobody is in front. */
  _take(): boolean;
  /** Waits for a permit, and takes it. */
  _queueUp(): CoroutineGenerator<void>;
  release(): void;
}

/** The one `acquire()` of everything that gives permits. */
export class Acquire extends ImmediateCoroutine<Permit> {
  private readonly _source: PermitSource;

  constructor(source: PermitSource) {
    super("acquire");
    this._source = source;
  }

  protected attempt(): Finished<Permit> | null {
    return this._source._take() ? new Finished(new Permit(this._source)) : null;
  }

  protected *generator(): CoroutineGenerator<Permit> {
    if (!this._source._take()) yield* this._source._queueUp();
    return new Permit(this._source);
  }
}
