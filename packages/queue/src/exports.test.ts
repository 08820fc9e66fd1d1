import { expect, it } from "vitest";
import * as queue from "./index.ts";

it("exports what it documents, and nothing else", () => {
  expect(Object.keys(queue).sort()).toEqual([
    "LifoQueue",
    "PriorityQueue",
    "Queue",
    "QueueEmpty",
    "QueueFull",
    "QueueShutDown",
  ]);
});
