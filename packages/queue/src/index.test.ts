import { expect, test } from "vitest";
import * as exported from "./index.ts";

test("@tsyncio/queue exports these names", () => {
  expect(Object.keys(exported).sort()).toEqual([
    "LifoQueue",
    "PriorityQueue",
    "Queue",
    "QueueEmpty",
    "QueueFull",
    "QueueShutDown",
  ]);
});
