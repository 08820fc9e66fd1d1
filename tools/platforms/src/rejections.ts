import { FuturePromise } from "tsyncio";

/** What a platform says of a rejection that nobody handles, or handles late. */
interface RejectionEvent {
  readonly promise: unknown;
  readonly reason: unknown;
  preventDefault(): void;
}

interface Platform {
  readonly onunhandledrejection?: unknown;
  addEventListener(type: string, listener: (event: RejectionEvent) => void): void;
  removeEventListener(type: string, listener: (event: RejectionEvent) => void): void;
}

type Log = Record<string, string[]>;
type Rejecting = Pick<typeof FuturePromise, "reject" | "resolve">;

const ignore = (): void => {};
const after = (delayMs: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, delayMs));

/** Rejections, each with its name for a reason. */
const scenarios: Readonly<Record<string, (P: Rejecting, reason: string) => unknown>> = {
  "never handled": (P, reason) => void P.reject(reason),
  "never handled, of a chain only the last": (P, reason) => void P.reject(reason).then(ignore).finally(ignore),
  "handled at once": (P, reason) => P.reject(reason).catch(ignore),
  "handled in a later job": (P, reason) => {
    const promise = P.reject(reason);
    P.resolve()
      .then(ignore)
      .then(() => promise.catch(ignore));
  },
  "handled in a native job": async (P, reason) => {
    const promise = P.reject(reason);
    await null;
    await null;
    promise.catch(ignore);
  },
  "handled by a native await": async (P, reason) => {
    try {
      await P.reject(reason);
    } catch {}
  },
  "handled after the platform told of it": async (P, reason) => {
    const promise = P.reject(reason);
    await after(60);
    promise.catch(ignore);
  },
};

/** What a page, a worker or Deno says of them, by their names: in what order, and with what promise. */
async function toldOf(platform: Platform, P: Rejecting): Promise<Log> {
  const log: Log = Object.fromEntries(Object.keys(scenarios).map((name) => [name, []]));
  const listeners = ["unhandledrejection", "rejectionhandled"].map((type) => {
    const listener = (event: RejectionEvent) => {
      event.preventDefault();
      log[String(event.reason)]?.push(`${type}, ${event.promise instanceof Promise ? "a promise" : "no promise"}`);
    };
    platform.addEventListener(type, listener);
    return { type, listener };
  });
  const note = (what: string) => {
    for (const entries of Object.values(log)) entries.push(what);
  };
  // When the platform tells is seen beside this: after the jobs of the turn, and not as late as garbage is collected.
  for (const [name, reject] of Object.entries(scenarios)) reject(P, name);
  for (let jobs = 0; jobs < 10; jobs++) await null;
  note("the turn ends");
  await after(30);
  note("a while later");
  await after(90);
  for (const { type, listener } of listeners) platform.removeEventListener(type, listener);
  return log;
}

const unhandled = "unhandledrejection, a promise";
const handledLate = "rejectionhandled, a promise";

/** For platforms that tell by events, as browsers do. Node tells by its process: promise-interop's tests see to that. */
export const rejectionProofs =
  "onunhandledrejection" in globalThis
    ? [
        {
          name: "a rejection nobody handles reaches the platform as its own do",
          async prove(): Promise<void> {
            const platform = globalThis as unknown as Platform;
            const [native, ours] = [
              await toldOf(platform, Promise as Rejecting),
              await toldOf(platform, FuturePromise),
            ];
            for (const [name, expected] of Object.entries(native)) {
              const told = ours[name]!;
              if (told.join("; ") !== expected.join("; ")) {
                throw new Error(`${name}: of its own it says ${expected.join("; ")}, of ours ${told.join("; ")}`);
              }
            }
            for (const [name, expected] of [
              ["never handled", `the turn ends; ${unhandled}; a while later`],
              ["handled at once", "the turn ends; a while later"],
              ["handled after the platform told of it", `the turn ends; ${unhandled}; a while later; ${handledLate}`],
            ] as const) {
              const told = ours[name]!.join("; ");
              if (told !== expected) throw new Error(`${name}: it says ${told}, not ${expected}`);
            }
          },
        },
      ]
    : [];
