import { EventLoop } from "@tsyncio/loop";
import { createTask, sleep } from "@tsyncio/task";
import { runVirtual, virtualHost } from "@tsyncio/testing";
import { allowLeftovers } from "@tsyncio/testing/vitest";
import { expect, test } from "vitest";

function leave(name) {
  const loop = new EventLoop({ host: virtualHost() });
  createTask(sleep(1000), { loop, name });
}

test("leaves nothing behind", () => {
  expect(runVirtual(() => sleep(1000, "slept"))).toBe("slept");
});

test("forgets a task", () => leave("forgotten"));

test("leaves a task behind, and says so", () => {
  allowLeftovers("tasks");
  leave("meant to be left");
});
