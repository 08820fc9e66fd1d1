import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { EventLoop, type ExceptionContext } from "@tsyncio/loop";
import { testHost } from "@tsyncio/test-host";
import { expect, test } from "vitest";
import { Future } from "./index.ts";

/** The garbage collector, on call. */
function collector(): () => void {
  const { Bun } = globalThis as { Bun?: { gc(force: boolean): void } };
  if (Bun !== undefined) return () => Bun.gc(true);
  setFlagsFromString("--expose-gc");
  return runInNewContext("gc") as () => void;
}

test("a failure is reported when the garbage collector takes its future", async () => {
  const collect = collector();
  const loop = new EventLoop({ host: testHost() });
  const strays: ExceptionContext[] = [];
  loop.setExceptionHandler((_loop, context) => strays.push(context));
  (() => new Future({ loop }).setException(new Error("unseen")))();
  for (let attempt = 0; strays.length === 0 && attempt < 100; attempt++) {
    collect();
    await new Promise((resolve) => setImmediate(resolve));
  }
  expect(strays.map(({ message, exception }) => [message, String(exception)])).toEqual([
    ["Future exception was never retrieved", "Error: unseen"],
  ]);
});
