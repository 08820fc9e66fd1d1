import * as context from "@tsyncio/context";
import * as coroutine from "@tsyncio/coroutine";
import * as future from "@tsyncio/future";
import * as loop from "@tsyncio/loop";
import * as promiseInterop from "@tsyncio/promise-interop";
import * as queue from "@tsyncio/queue";
import * as sync from "@tsyncio/sync";
import * as task from "@tsyncio/task";
import * as testing from "@tsyncio/testing";
import { expect, test } from "vitest";
import * as umbrella from "./index.ts";
import * as umbrellaTesting from "./testing.ts";

test("the umbrella exports what the layers export, the very same things", () => {
  const layers = { ...context, ...loop, ...future, ...promiseInterop, ...coroutine, ...task, ...sync, ...queue };
  expect(Object.keys(umbrella).sort()).toEqual(Object.keys(layers).sort());
  expect({ ...umbrella }).toEqual(layers);
});

test("tsyncio/testing exports what @tsyncio/testing exports", () => {
  expect({ ...umbrellaTesting }).toEqual({ ...testing });
});
