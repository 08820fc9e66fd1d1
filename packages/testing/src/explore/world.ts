import { touch } from "./recording.ts";
import type { ScheduledLoop } from "./scheduled-loop.ts";

/** What a program under test tells about itself. */
export interface World {
  /**
   * Declares state that several tasks use, and gives the object to use in its place: what is read and written through
   * it is seen, at any depth. Plain objects, arrays, maps and sets.
   */
  shared<S extends object>(state: S, name?: string): S;
  /** Something from outside that may happen at any moment from now on: `callback` is called then, once. */
  arrival(callback: () => void): void;
  /** Calls `check` after every step: what it throws is a failure of the schedule. */
  invariant(check: () => void): void;
  /** Calls `check` once the program has ended. */
  atEnd(check: () => void): void;
}

export class ProgramWorld implements World {
  readonly invariants: (() => void)[] = [];
  readonly finalChecks: (() => void)[] = [];
  readonly #loop: ScheduledLoop;
  #shared = 0;

  constructor(loop: ScheduledLoop) {
    this.#loop = loop;
  }

  shared<S extends object>(state: S, name = `shared state ${this.#shared}`): S {
    if (typeof state !== "object" || state === null) {
      throw new TypeError(`shared() expects an object such as {count: 0}, got ${String(state)}`);
    }
    this.#shared++;
    return watch(state, new Watched(this.#loop, name));
  }

  arrival(callback: () => void): void {
    checkFunction("arrival", callback);
    this.#loop.arrive(callback);
  }

  invariant(check: () => void): void {
    checkFunction("invariant", check);
    this.invariants.push(check);
  }

  atEnd(check: () => void): void {
    checkFunction("atEnd", check);
    this.finalChecks.push(check);
  }
}

/** The properties of a shared object, each an object of its own for those who watch. */
class Watched {
  readonly #loop: ScheduledLoop;
  readonly #name: string;
  readonly #keys = new Map<PropertyKey, object>();
  readonly #inner = new Map<object, object>();

  constructor(loop: ScheduledLoop, name: string) {
    this.#loop = loop;
    this.#name = name;
  }

  key(key: PropertyKey): object {
    let token = this.#keys.get(key);
    if (token === undefined) {
      token = { name: `${this.#name}.${String(key)}` };
      this.#keys.set(key, token);
      this.#loop.nameObject(token, `shared ${this.#name}.${String(key)}`);
    }
    return token;
  }

  inside(value: object, key: PropertyKey): object {
    let proxy = this.#inner.get(value);
    if (proxy === undefined) {
      proxy = watch(value, watchedPart(this.#loop, `${this.#name}.${String(key)}`));
      this.#inner.set(value, proxy);
    }
    return proxy;
  }
}

/** Stands for the set of keys. */
const keysKey = Symbol("keys");

/** Outside of the class: one that names itself in its own body is built under another name. */
function watchedPart(...of: ConstructorParameters<typeof Watched>): Watched {
  return new Watched(...of);
}

function watch<S extends object>(state: S, watched: Watched): S {
  return new Proxy(state, {
    get(target, key, receiver) {
      if (target instanceof Map || target instanceof Set) {
        // Their methods want the thing itself, and any of them may change it.
        const value = Reflect.get(target, key, target);
        touch(watched.key("contents"), "write");
        return typeof value === "function" ? value.bind(target) : value;
      }
      const value = Reflect.get(target, key, receiver);
      if (typeof value === "function" && !Object.hasOwn(target, key)) return value;
      touch(watched.key(key), "read");
      return isPlain(value) ? watched.inside(value, key) : value;
    },
    set(target, key, value) {
      touch(watched.key(key), "write");
      if (!Object.hasOwn(target, key)) touch(watched.key(keysKey), "write");
      return Reflect.set(target, key, value);
    },
    deleteProperty(target, key) {
      touch(watched.key(key), "write");
      touch(watched.key(keysKey), "write");
      return Reflect.deleteProperty(target, key);
    },
    has(target, key) {
      touch(watched.key(key), "read");
      return Reflect.has(target, key);
    },
    ownKeys(target) {
      touch(watched.key(keysKey), "read");
      return Reflect.ownKeys(target);
    },
  });
}

function isPlain(value: unknown): value is object {
  if (typeof value !== "object" || value === null) return false;
  if (Array.isArray(value) || value instanceof Map || value instanceof Set) return true;
  const prototype = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}

function checkFunction(method: string, value: unknown): void {
  if (typeof value !== "function") throw new TypeError(`${method}() expects a function, got ${String(value)}`);
}
