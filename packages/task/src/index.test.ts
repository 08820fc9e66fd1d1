import { expect, test } from "vitest";
import * as exported from "./index.ts";

test("@tsyncio/task exports these names", () => {
  expect(Object.keys(exported).sort()).toEqual([
    "ALL_COMPLETED",
    "ExceptionGroup",
    "FIRST_COMPLETED",
    "FIRST_EXCEPTION",
    "Runner",
    "Task",
    "TimeoutError",
    "allTasks",
    "asCompleted",
    "captureCallGraph",
    "createTask",
    "currentTask",
    "ensureFuture",
    "formatCallGraph",
    "gather",
    "printCallGraph",
    "run",
    "shield",
    "sleep",
    "taskGroup",
    "timeout",
    "timeoutAt",
    "toAsync",
    "wait",
    "waitFor",
  ]);
});
