import type { Context } from "@tsyncio/context";
import { captureContext, commonContext } from "@tsyncio/context/registry";
import type { Job } from "@tsyncio/loop/job";
import { type AnyFunction, isCallable } from "./abstract-operations.ts";
import type { PromiseCapability } from "./promise-capability.ts";
import type { FutureInstance } from "./promise-class.ts";
import type { Combination } from "./promise-combinators.ts";

/** The future of a promise, as far as those that wait for it ask. */
export interface Source extends FutureInstance {
  _flags: number;
}

/** What `_flags` of a promise's future holds. */
export const handled = 1;
export const rejected = 2;
/** It was resolved with a promise of its own class, and stands in the queue to subscribe to that. */
export const following = 4;
/** Above the flags stands, while the future is the job that tells a combination, its index there. */
export const flagBits = 3;
export const allFlags = 7;

/** What `then` was given: mostly a handler of the result and nothing else, and that is kept as it is. */
export type Handlers = AnyFunction | HandlerPair | undefined;

class HandlerPair {
  readonly onFulfilled: AnyFunction | undefined;
  readonly onRejected: AnyFunction;

  constructor(onFulfilled: AnyFunction | undefined, onRejected: AnyFunction) {
    this.onFulfilled = onFulfilled;
    this.onRejected = onRejected;
  }
}

/** What is no function is no handler. */
export function handlersOf(onFulfilled: unknown, onRejected: unknown): Handlers {
  const fulfil = isCallable(onFulfilled) ? onFulfilled : undefined;
  return isCallable(onRejected) ? new HandlerPair(fulfil, onRejected) : fulfil;
}

export function handlerOf(handlers: Handlers, isRejected: boolean): AnyFunction | undefined {
  if (typeof handlers === "function") return isRejected ? undefined : handlers;
  return isRejected ? handlers?.onRejected : handlers?.onFulfilled;
}

/** A reaction whose promise is not ours: a subclass, or what a foreign species made. */
export class ForeignReaction implements Job {
  declare readonly _cancelled: false;
  _context = captureContext();
  readonly _source: Source;
  readonly _capability: PromiseCapability;
  readonly _handlers: Handlers;

  constructor(source: Source, capability: PromiseCapability, handlers: Handlers) {
    this._source = source;
    this._capability = capability;
    this._handlers = handlers;
  }

  /** NewPromiseReactionJob. */
  _run(): void {
    const source = this._source;
    const isRejected = (source._flags & rejected) !== 0;
    const handler = handlerOf(this._handlers, isRejected);
    let settle = isRejected && handler === undefined ? this._capability.reject : this._capability.resolve;
    let value = isRejected ? source.exception() : source.result();
    if (handler !== undefined) {
      try {
        value = handler(value);
      } catch (error) {
        settle = this._capability.reject;
        value = error;
      }
    }
    settle(value);
  }
}
Object.defineProperty(ForeignReaction.prototype, "_cancelled", { value: false });

/** Tells a combination of one of its promises, when the future of that is the job of something else. */
export class ElementReaction implements Job {
  declare readonly _cancelled: false;
  /** Of code it runs only a foreign capability's: any context will do. */
  declare _context: Context;
  readonly _source: Source;
  readonly _combination: Combination;
  readonly _index: number;

  constructor(source: Source, combination: Combination, index: number) {
    this._source = source;
    this._combination = combination;
    this._index = index;
  }

  _run(): void {
    tell(this._combination, this._index, this._source);
  }
}
Object.defineProperty(ElementReaction.prototype, "_cancelled", { value: false });
Object.defineProperty(ElementReaction.prototype, "_context", { value: commonContext, writable: true });

/** Tells a combination what became of one of its promises. */
export function tell(combination: Combination, index: number, source: Source): void {
  if ((source._flags & rejected) !== 0) combination.rejected(index, source.exception());
  else combination.fulfilled(index, source.result());
}
