import { describe, expect, test } from "vitest";
import type { PromiseClass } from "../../src/index.ts";
import { promises } from "../tower.ts";

/**
 * Runs the tests of one clause of the specification over every promise class, and over the platform's own as far as it
 * has what the clause is about: what we ask of ours holds there too.
 */
export function clause(title: string, body: (PromiseClass: PromiseClass) => void, needs: string[] = []): void {
  for (const [name, PromiseClass] of Object.entries(promises)) {
    describe(`${title}, ${name}`, () => body(PromiseClass));
  }
  if (needs.every((name) => name in Promise)) {
    describe(`${title}, the native promise`, () => body(Promise as unknown as PromiseClass));
  }
}

/**
 * The `test` for what JavaScriptCore's own promise (and so that of Bun and Safari) does otherwise than the specification:
 * of that promise it must fail there, so that we learn when it no longer does.
 */
export function testDepartedFrom(PromiseClass: PromiseClass): typeof test | typeof test.fails {
  return "Bun" in globalThis && (PromiseClass as unknown) === Promise ? test.fails : test;
}

/** What a promise comes to, observed by `then`. */
export function outcome(promise: PromiseLike<unknown>): Promise<{ value: unknown } | { reason: unknown }> {
  return new Promise((resolve) => {
    promise.then(
      (value) => resolve({ value }),
      (reason) => resolve({ reason }),
    );
  });
}

/** Resolves when every job that is in the queue now, and `turns` more after those, have run. */
export async function jobs(PromiseClass: PromiseClass, turns = 10): Promise<void> {
  let chain: PromiseLike<unknown> = PromiseClass.resolve();
  for (let turn = 0; turn < turns; turn++) chain = chain.then(() => {});
  await outcome(chain);
}

export function isConstructor(value: unknown): boolean {
  try {
    Reflect.construct(Object, [], value as never);
    return true;
  } catch {
    return false;
  }
}

/** What holds of every function of the specification that is no constructor. */
export function expectBuiltIn(value: unknown, name: string, length: number): void {
  expect(typeof value).toBe("function");
  const fixed = { writable: false, enumerable: false, configurable: true };
  expect(Object.getOwnPropertyDescriptor(value, "name")).toEqual({ ...fixed, value: name });
  expect(Object.getOwnPropertyDescriptor(value, "length")).toEqual({ ...fixed, value: length });
  expect(Reflect.ownKeys(value as object)).toEqual(["length", "name"]);
  expect(Object.getPrototypeOf(value)).toBe(Function.prototype);
  expect(isConstructor(value)).toBe(false);
}

/** A method of a class or prototype. */
export function expectMethod(object: object, key: PropertyKey, name: string, length: number): void {
  const descriptor = Object.getOwnPropertyDescriptor(object, key)!;
  expect(descriptor).toEqual({ value: descriptor.value, writable: true, enumerable: false, configurable: true });
  expectBuiltIn(descriptor.value, name, length);
}

/** A constructor that is not a promise's: it keeps what its executor was given, and what was called. */
export function foreignConstructor() {
  const calls: [string, unknown][] = [];
  class Foreign {
    static calls = calls;
    // biome-ignore lint/complexity/useLiteralKeys: it is what a foreign constructor may look like
    ["then"](): void {}
    constructor(executor: (resolve: unknown, reject: unknown) => void) {
      executor(
        (value: unknown) => void calls.push(["resolve", value]),
        (reason: unknown) => void calls.push(["reject", reason]),
      );
    }
  }
  return Foreign;
}

/** An iterable whose every step can fail, and that tells what was done with it. */
export function scriptedIterable(script: {
  values: unknown[];
  nextThrows?: unknown;
  doneThrows?: unknown;
  valueThrows?: unknown;
  returnThrows?: unknown;
}) {
  const log: string[] = [];
  let index = 0;
  const iterable = {
    log,
    [Symbol.iterator]() {
      log.push("iterator");
      return {
        next() {
          log.push("next");
          if (index < script.values.length) return { done: false, value: script.values[index++] };
          if ("nextThrows" in script) throw script.nextThrows;
          return {
            get done() {
              if ("doneThrows" in script) throw script.doneThrows;
              return !("valueThrows" in script);
            },
            get value() {
              throw script.valueThrows;
            },
          };
        },
        return() {
          log.push("return");
          if ("returnThrows" in script) throw script.returnThrows;
          return {};
        },
      };
    },
  };
  return iterable;
}
