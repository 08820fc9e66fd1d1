import { expect, test } from "vitest";
import { clause, jobs, outcome } from "./clause.ts";

clause("NewPromiseReactionJob", (P) => {
  test("a handler never runs within then, resolve or reject", async () => {
    const log: string[] = [];
    const promise = P.resolve(1).then(() => log.push("handler"));
    log.push("after");
    await outcome(promise);
    expect(log).toEqual(["after", "handler"]);
  });

  test("handlers run in the order they were added, whatever was added before or after it settled", async () => {
    const log: number[] = [];
    const { promise, resolve } = pairOf();
    promise.then(() => log.push(1));
    promise.then(() => {
      log.push(2);
      promise.then(() => log.push(5));
    });
    resolve(0);
    promise.then(() => log.push(3));
    promise.then(() => log.push(4));
    await jobs(P);
    expect(log).toEqual([1, 2, 3, 4, 5]);

    function pairOf() {
      let resolve!: (value: number) => void;
      const promise = new P<number>((resolveFunction) => {
        resolve = resolveFunction;
      });
      return { promise, resolve };
    }
  });

  test("handlers are called with one argument and without a receiver", async () => {
    const calls: unknown[] = [];
    await outcome(
      P.resolve(1).then(function (this: unknown, ...args: unknown[]) {
        calls.push([this, args]);
      }),
    );
    await outcome(
      P.reject(2).catch(function (this: unknown, ...args: unknown[]) {
        calls.push([this, args]);
      }),
    );
    expect(calls).toEqual([
      [undefined, [1]],
      [undefined, [2]],
    ]);
  });

  test("without a handler the settlement passes through", async () => {
    expect(await outcome(P.resolve(1).then())).toEqual({ value: 1 });
    expect(await outcome(P.resolve(1).then(2 as never, 3 as never))).toEqual({ value: 1 });
    expect(await outcome(P.reject(1).then())).toEqual({ reason: 1 });
    expect(await outcome(P.reject(1).then(() => 2))).toEqual({ reason: 1 });
  });

  test("what a handler returns resolves, what it throws rejects", async () => {
    expect(await outcome(P.resolve(1).then(() => 2))).toEqual({ value: 2 });
    expect(await outcome(P.reject(1).catch(() => 2))).toEqual({ value: 2 });
    expect(await outcome(P.resolve(1).then(() => P.reject(3)))).toEqual({ reason: 3 });
    expect(
      await outcome(
        P.reject(1).catch(() => {
          throw 4;
        }),
      ),
    ).toEqual({ reason: 4 });
  });

  test("a handler that returns the promise it makes is refused", async () => {
    const promise: Promise<unknown> = P.resolve().then(() => promise);
    expect(await outcome(promise)).toEqual({ reason: expect.any(TypeError) });
  });
});

clause("NewPromiseResolveThenableJob", (P) => {
  const following = (thenable: unknown) => new P<unknown>((resolve) => resolve(thenable));

  test("then is called in a job of its own, with the thenable as its receiver", async () => {
    const log: unknown[] = [];
    const thenable = {
      then(resolve: (value: number) => void) {
        log.push(this === thenable ? "then" : this);
        resolve(1);
      },
    };
    const promise = following(thenable);
    log.push("after");
    await outcome(promise);
    expect(log).toEqual(["after", "then"]);
  });

  test("a native-like promise takes three jobs: one to call then, one to react, one for the follower's handlers", async () => {
    const log: string[] = [];
    following(P.resolve()).then(() => log.push("followed"));
    let chain: PromiseLike<unknown> = P.resolve();
    for (let job = 1; job <= 4; job++) chain = chain.then(() => log.push(`job ${job}`));
    await outcome(chain);
    expect(log).toEqual(["job 1", "job 2", "followed", "job 3", "job 4"]);
  });

  test("what a handler returns is followed in as many jobs", async () => {
    const log: string[] = [];
    P.resolve()
      .then(() => P.resolve())
      .then(() => log.push("followed"));
    let chain: PromiseLike<unknown> = P.resolve();
    for (let job = 1; job <= 5; job++) chain = chain.then(() => log.push(`job ${job}`));
    await outcome(chain);
    expect(log).toEqual(["job 1", "job 2", "job 3", "followed", "job 4", "job 5"]);
  });

  test("a then that throws rejects, unless it settled before", async () => {
    expect(
      await outcome(
        following({
          then() {
            throw 1;
          },
        }),
      ),
    ).toEqual({ reason: 1 });
    expect(
      await outcome(
        following({
          then(resolve: (value: number) => void) {
            resolve(2);
            throw 3;
          },
        }),
      ),
    ).toEqual({ value: 2 });
    expect(
      await outcome(
        following({
          then(_: unknown, reject: (reason: number) => void) {
            reject(4);
            throw 5;
          },
        }),
      ),
    ).toEqual({ reason: 4 });
  });

  test("a thenable that calls back more than once is heard once", async () => {
    expect(
      await outcome(
        following({
          then(resolve: (value: number) => void, reject: (reason: number) => void) {
            resolve(1);
            resolve(2);
            reject(3);
          },
        }),
      ),
    ).toEqual({ value: 1 });
  });

  test("a thenable that calls back with a thenable is followed again", async () => {
    const thenable = (value: unknown) => ({ then: (resolve: (value: unknown) => void) => resolve(value) });
    expect(await outcome(following(thenable(thenable(thenable(1)))))).toEqual({ value: 1 });
  });

  test("a thenable that never calls back leaves it pending", async () => {
    let settled = false;
    following({ then() {} }).then(
      () => (settled = true),
      () => (settled = true),
    );
    await jobs(P);
    expect(settled).toBe(false);
  });

  test("a proxy of a promise is a thenable whose then refuses it", async () => {
    const proxy = new Proxy(P.resolve(1), {});
    expect(await outcome(following(proxy))).toEqual({ reason: expect.any(TypeError) });
  });

  test("a proxy that answers for then is a thenable", async () => {
    const proxy = new Proxy(
      {},
      { get: (_, key) => (key === "then" ? (resolve: (v: number) => void) => resolve(1) : undefined) },
    );
    expect(await outcome(following(proxy))).toEqual({ value: 1 });
  });

  test("a promise with another then is asked through that", async () => {
    const promise = P.resolve(1);
    promise.then = ((resolve: (value: number) => void) => resolve(2)) as never;
    expect(await outcome(following(promise))).toEqual({ value: 2 });
  });

  test("a promise's constructor and species are asked, once each, in the job", async () => {
    for (const follow of [following, (promise: unknown) => P.resolve().then(() => promise)]) {
      const log: string[] = [];
      const promise = P.resolve(1);
      Object.defineProperty(promise, "constructor", {
        get() {
          log.push("constructor");
          return {
            get [Symbol.species]() {
              log.push("species");
              return P;
            },
          };
        },
      });
      expect(await outcome(follow(promise))).toEqual({ value: 1 });
      expect(log).toEqual(["constructor", "species"]);
    }
  });

  test("a species of another kind is constructed, and what it is given settles the follower", async () => {
    for (const follow of [following, (promise: unknown) => P.resolve().then(() => promise)]) {
      let made = 0;
      class Sub<T> extends P<T> {
        constructor(executor: ConstructorParameters<typeof P<T>>[0]) {
          super(executor);
          made++;
        }
      }
      const promise = Sub.resolve(1);
      made = 0;
      expect(await outcome(follow(promise))).toEqual({ value: 1 });
      expect(made).toBe(1);
    }
  });

  test("a constructor that throws when read rejects the follower", async () => {
    for (const follow of [following, (promise: unknown) => P.resolve().then(() => promise)]) {
      const promise = P.resolve(1);
      Object.defineProperty(promise, "constructor", {
        get() {
          throw "unreadable";
        },
      });
      expect(await outcome(follow(promise))).toEqual({ reason: "unreadable" });
    }
  });
});
