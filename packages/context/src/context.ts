import { LookupError, RuntimeError } from "./errors.ts";
import { registry } from "./shared-state.ts";

type Values = Map<ContextVar<unknown>, unknown>;

const noValues: Values = new Map();

/**
 * The values of context variables, as one job sees them.
 *
 * A copy costs O(1): it shares the map of the original, and whoever writes first takes a map of its own.
 *
 * asyncio counterpart: `contextvars.Context`.
 */
export class Context implements Iterable<[ContextVar<unknown>, unknown]> {
  /** @internal */
  _values: Values = noValues;
  /** True while another context may hold the same map. @internal */
  _shared = true;
  /** @internal */
  _entered = false;
  /** Whether it is one that stands for many: see `captureContext`. @internal */
  declare readonly _common: boolean;

  /** How many variables have a value here. */
  get size(): number {
    return this._values.size;
  }

  /**
   * Calls `body` in this context: what it sets is kept here, and nowhere else. Does not suspend.
   *
   * @throws RuntimeError when the context is already entered.
   */
  run<A extends readonly unknown[], R>(body: (...args: A) => R, ...args: A): R {
    if (typeof body !== "function") {
      throw new TypeError(`Context.run() expects a function, got ${String(body)}`);
    }
    const outer = enterContext(this);
    try {
      return body(...args);
    } finally {
      leaveContext(outer);
    }
  }

  /** A new context with the same values; what either sets later, the other does not see. */
  copy(): Context {
    return copyOf(this);
  }

  /** The value of `variable` here, or undefined when it was never set here (its default does not count). */
  get<T>(variable: ContextVar<T>): T | undefined {
    return this._values.get(variable as ContextVar<unknown>) as T | undefined;
  }

  /** Whether `variable` was set here. */
  has(variable: ContextVar<any>): boolean {
    return this._values.has(variable);
  }

  /** The variables that are set, and their values. */
  [Symbol.iterator](): IterableIterator<[ContextVar<unknown>, unknown]> {
    return this._values.entries();
  }

  toString(): string {
    return `<Context ${this.size} ${this.size === 1 ? "variable" : "variables"}>`;
  }

  /** The map to write into. @internal */
  _writable(): Values {
    if (this._shared) {
      this._values = new Map(this._values);
      this._shared = false;
    }
    return this._values;
  }
}

/** Outside of the class: one that names itself in its own body is built under another name, which users would see. */
function copyOf(original: Context): Context {
  const copy = new Context();
  if (original._values !== noValues) {
    copy._values = original._values;
    original._shared = true;
  }
  return copy;
}

Object.defineProperty(Context.prototype, "_common", { value: false });

/**
 * Makes `context` the current one until `leaveContext()`, and gives the one that was current before. Calls nest like
 * brackets.
 *
 * For those who run jobs in contexts (the loop); everybody else uses `context.run()`.
 *
 * @throws RuntimeError when the context is already entered.
 */
export function enterContext(context: Context): Context | null {
  const outer = registry.context as Context | null;
  if (!context._common) {
    if (context._entered) {
      throw new RuntimeError(`cannot enter context: ${context} is already entered; enter a copy() of it`);
    }
    context._entered = true;
  }
  registry.context = context;
  return outer;
}

/**
 * Goes back to the context that `enterContext()` gave, and gives the one that is left: the one that was entered, or, if
 * that was `captureContext()`'s common one and a variable was set in it, the one made for that variable.
 */
export function leaveContext(outer: Context | null): Context {
  const left = registry.context as Context;
  if (!left._common) left._entered = false;
  registry.context = outer;
  return left;
}

/** Stands for every context in which no variable was ever set. Nothing is ever set in it. */
export const commonContext = new Context();
Object.defineProperty(commonContext, "_common", { value: true });

/**
 * Makes the common context the current one where there is none, for a loop that is about to run jobs: most of them need
 * not enter anything then. Gives what `leaveCommon()` wants to know.
 */
export function enterCommon(): boolean {
  if (registry.context !== null) return false;
  registry.context = commonContext;
  return true;
}

/** Goes back to where `enterCommon()` was called. A context that was made since, outside of all jobs, stays current. */
export function leaveCommon(entered: boolean): void {
  if (!entered) return;
  const left = registry.context as Context;
  if (left === commonContext) registry.context = null;
  else left._entered = false;
}

/**
 * A copy of the current context to run a job in. Where there is nothing to copy, which is so in most programs, it is one
 * context for all, so that a task and a handle cost no context: whoever sets the first variable gets one of its own.
 */
export function captureContext(): Context {
  const current = registry.context as Context | null;
  return current === null || current._values === noValues ? commonContext : current.copy();
}

/** The context that is current, made now if there is none yet. */
export function currentContext(): Context {
  const current = registry.context as Context | null;
  if (current !== null && !current._common) return current;
  const own = new Context();
  // In place of the common one it is left when that would have been.
  own._entered = current !== null;
  registry.context = own;
  return own;
}

/** A copy of the current context. asyncio counterpart: `contextvars.copy_context()`. */
export function copyContext(): Context {
  const current = registry.context as Context | null;
  return current === null ? new Context() : current.copy();
}

const absent = Symbol("no value");

/**
 * A variable whose value belongs to the current context, and so follows a task through everything it awaits.
 *
 * asyncio counterpart: `contextvars.ContextVar`.
 */
export class ContextVar<T> {
  readonly name: string;
  readonly #default: T | typeof absent;

  constructor(name: string, options: { readonly default?: T } = {}) {
    if (typeof name !== "string") {
      throw new TypeError(`a ContextVar's name must be a string, got ${String(name)}`);
    }
    if (options === null || typeof options !== "object") {
      throw new TypeError(`a ContextVar's options must be an object such as {default: 0}, got ${String(options)}`);
    }
    this.name = name;
    this.#default = "default" in options ? (options.default as T) : absent;
  }

  /**
   * The value in the current context; else `fallback` if it is given; else the default.
   *
   * @throws LookupError when there is none of the three.
   */
  get(...fallback: [] | [T]): T {
    const values = (registry.context as Context | null)?._values;
    if (values?.has(this as ContextVar<unknown>)) return values.get(this as ContextVar<unknown>) as T;
    if (fallback.length > 0) return fallback[0] as T;
    if (this.#default !== absent) return this.#default;
    throw new LookupError(`${this} has no value in this context; set() one, or give it a default`);
  }

  /** Sets the value in the current context. The token takes it back: `variable.reset(token)`, or `using`. */
  set(value: T): Token<T> {
    const context = currentContext();
    const values = context._writable();
    const variable = this as ContextVar<unknown>;
    const token = new Token<T>(this, context, values.has(variable), values.get(variable) as T | undefined);
    values.set(variable, value);
    return token;
  }

  /**
   * Gives the variable the value it had before the `set()` that made `token`.
   *
   * @throws TypeError when the token is of another variable or another context.
   * @throws RuntimeError when the token was used before.
   */
  reset(token: Token<T>): void {
    if (!(token instanceof Token)) {
      throw new TypeError(`reset() expects the Token that set() gave, got ${String(token)}`);
    }
    token._restore(this);
  }

  /** Its name, as `<ContextVar …>`. */
  toString(): string {
    return `<ContextVar ${JSON.stringify(this.name)}>`;
  }
}

/**
 * What `ContextVar.set()` gives: the way back to the value before. Disposable: `using token = variable.set(1)`.
 *
 * asyncio counterpart: `contextvars.Token`.
 */
export class Token<T> {
  /** The variable that was set. */
  readonly variable: ContextVar<T>;
  /** Whether the variable had a value before. */
  readonly hadValue: boolean;
  /** The value before, if it had one. */
  readonly oldValue: T | undefined;
  readonly #context: Context;
  #used = false;

  /** @internal */
  constructor(variable: ContextVar<T>, context: Context, hadValue: boolean, oldValue: T | undefined) {
    this.variable = variable;
    this.#context = context;
    this.hadValue = hadValue;
    this.oldValue = oldValue;
  }

  /** @internal */
  _restore(variable: ContextVar<T>): void {
    if (this.#used) throw new RuntimeError(`${this} has already been used once`);
    if (this.variable !== variable) throw new TypeError(`${this} was made by a different variable than ${variable}`);
    if (registry.context !== this.#context) throw new TypeError(`${this} was made in a different context`);
    this.#used = true;
    const values = this.#context._writable();
    if (this.hadValue) values.set(variable as ContextVar<unknown>, this.oldValue);
    else values.delete(variable as ContextVar<unknown>);
  }

  /** Undoes the `set()` it came from, when a `using` block ends. */
  [Symbol.dispose](): void {
    this.variable.reset(this);
  }

  /** Its variable, and whether it was used. */
  toString(): string {
    return `<Token${this.#used ? " used" : ""} of ${this.variable}>`;
  }
}
