import { Future } from "@tsyncio/future";
import {
  abortSignalOf,
  cancelOnAbort,
  FuturePromise,
  fromPromise,
  futureFromPromise,
  type PromiseClass,
  type PromisedFuture,
  type PromisedFutureClass,
  PromiseFuture,
  promiseFromFuture,
  toPromise,
} from "./index.ts";

type Equal<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;
function same<A, B>(_equal: Equal<A, B>): void {}

export async function promises() {
  // Wherever a native promise goes, one of ours does.
  const promise: Promise<number> = new FuturePromise<number>((resolve) => resolve(1));
  same<Awaited<typeof promise>, number>(true);
  const chained = FuturePromise.resolve("text").then((text) => text.length);
  same<typeof chained, Promise<number>>(true);
  const recovered = FuturePromise.resolve(1).catch(() => "none");
  same<typeof recovered, Promise<number | string>>(true);
  const nested = FuturePromise.resolve(FuturePromise.resolve(1));
  same<typeof nested, Promise<number>>(true);
  const nothing = FuturePromise.resolve();
  same<typeof nothing, Promise<void>>(true);
  const never = FuturePromise.reject(new Error("no"));
  same<typeof never, Promise<never>>(true);

  const all = await FuturePromise.all([1, FuturePromise.resolve("text"), Promise.resolve(true)]);
  same<typeof all, [number, string, boolean]>(true);
  const list = await FuturePromise.all(new Set([FuturePromise.resolve(1)]));
  same<typeof list, number[]>(true);
  const none = await FuturePromise.all([]);
  same<typeof none, []>(true);
  const settled = await FuturePromise.allSettled([1, FuturePromise.resolve("text")]);
  same<typeof settled, [PromiseSettledResult<number>, PromiseSettledResult<string>]>(true);
  const any = await FuturePromise.any([FuturePromise.resolve(1), "text"]);
  same<typeof any, number | string>(true);
  const first = await FuturePromise.race([FuturePromise.resolve(1), Promise.resolve(true)]);
  same<typeof first, number | boolean>(true);

  const keyed = await FuturePromise.allKeyed({ one: FuturePromise.resolve(1), two: "text" });
  same<typeof keyed, { one: number; two: string }>(true);
  const settledKeyed = await FuturePromise.allSettledKeyed({ one: FuturePromise.resolve(1) });
  same<typeof settledKeyed, { one: PromiseSettledResult<number> }>(true);
  const readonly = await FuturePromise.allKeyed({ one: 1 } as const);
  same<typeof readonly, { one: 1 }>(true);

  const tried = await FuturePromise.try((a: number, b: string) => FuturePromise.resolve(a + b.length), 1, "text");
  same<typeof tried, number>(true);
  const { promise: hidden, resolve } = FuturePromise.withResolvers<number>();
  same<typeof hidden, Promise<number>>(true);
  resolve(FuturePromise.resolve(1));

  class Counted<T> extends FuturePromise<T> {
    count = 0;
  }
  same<Counted<number>["count"], number>(true);
  const counted: Promise<number> = new Counted<number>(() => {});

  // @ts-expect-error: an executor is asked for
  new FuturePromise();
  // @ts-expect-error: it is resolved with numbers
  new FuturePromise<number>((resolve) => resolve("text"));
  // @ts-expect-error: it can only be constructed
  FuturePromise(() => {});
  // @ts-expect-error: one argument of the two is a number, and the other is missing
  FuturePromise.try((a: number, b: string) => a + b.length, 1);
  // @ts-expect-error: an iterable is expected
  FuturePromise.all(1);
  // @ts-expect-error: an object is expected
  FuturePromise.allKeyed(1);
  // @ts-expect-error: it resolves with numbers
  resolve("text");
  return counted;
}

export function duals() {
  const Promised = promiseFromFuture(Future);
  same<typeof Promised, PromiseClass>(true);
  const Futured = futureFromPromise(Promise);
  same<typeof Futured, PromisedFutureClass>(true);
  // As many storeys high as one likes.
  const Upper = promiseFromFuture(futureFromPromise(promiseFromFuture(PromiseFuture)));
  same<typeof Upper, PromiseClass>(true);

  const future = new PromiseFuture<number>();
  same<typeof future, PromisedFuture<number>>(true);
  const plain: Future<number> = future;
  future.signalSuccess(1);
  future.signalFailure(new Error("no"));
  const result = future.result();
  same<typeof result, number>(true);

  // @ts-expect-error: a promise is no class of futures
  promiseFromFuture(Promise);
  // @ts-expect-error: a future is built by its class, not by one of them
  promiseFromFuture(future);
  // @ts-expect-error: the results of this future are numbers
  future.signalSuccess("text");
  // @ts-expect-error: a class of promises takes an executor
  futureFromPromise(Map);
  return plain;
}

export function* border() {
  const future = fromPromise(Promise.resolve(1), { onCancel: (error) => error.message });
  same<typeof future, Future<number>>(true);
  const value = yield* future;
  same<typeof value, number>(true);
  const thenable = fromPromise({
    then: (onFulfilled: (value: string) => void) => onFulfilled("text"),
  } as PromiseLike<string>);
  same<typeof thenable, Future<string>>(true);

  const promise = toPromise(future);
  same<typeof promise, Promise<number>>(true);
  const ofGenerator = toPromise(
    (function* () {
      yield* future;
      return "text";
    })(),
  );
  same<typeof ofGenerator, Promise<string>>(true);

  const stop = cancelOnAbort(future, new AbortController().signal);
  same<typeof stop, () => void>(true);
  const signal = abortSignalOf(future);
  same<typeof signal, AbortSignal>(true);

  // @ts-expect-error: a number has no then
  fromPromise(1);
  // @ts-expect-error: there is no such option
  fromPromise(Promise.resolve(1), { onAbort: () => {} });
  // @ts-expect-error: a number cannot be awaited
  toPromise(1);
  // @ts-expect-error: a promise cannot be cancelled
  cancelOnAbort(Promise.resolve(1), new AbortController().signal);
  // @ts-expect-error: a controller is not its signal
  cancelOnAbort(future, new AbortController());
}
