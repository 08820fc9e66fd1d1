import { coroutine } from "@tsyncio/coroutine";
import { CancelledError, Future } from "@tsyncio/future";
import { EventLoop, type ExceptionContext, getRunningLoop } from "@tsyncio/loop";
import { testHost } from "@tsyncio/test-host";
import { describe, expect, test } from "vitest";
import { thrownBy, virtually } from "../test/virtually.ts";
import { createTask } from "./create-task.ts";
import { currentTask } from "./current-task.ts";
import { ExceptionGroup } from "./exception-group.ts";
import { sleep } from "./sleep.ts";
import type { Task } from "./task.ts";
import { type TaskGroup, taskGroup } from "./task-group.ts";
import { timeout } from "./timeout.ts";

const failing = coroutine(function* failing(delayMs: number, message: string) {
  yield* sleep(delayMs);
  throw new RangeError(message);
});

/** Sleeps long, and fails when it is cancelled. */
const failingLate = coroutine(function* failingLate(message: string) {
  try {
    yield* sleep(10_000);
  } finally {
    // biome-ignore lint/correctness/noUnsafeFinally: what a clean-up throws is the point
    throw new RangeError(message);
  }
});

/** The messages of the errors in the group that is thrown, groups as lists. */
function* errorsOf(body: () => Iterable<any, unknown, unknown>): Generator<any, unknown, unknown> {
  try {
    yield* body();
  } catch (error) {
    return shape(error);
  }
  return "no error";
}

function shape(error: unknown): unknown {
  return error instanceof ExceptionGroup ? error.errors.map(shape) : String(error);
}

describe("a group whose tasks succeed", () => {
  test("ends when all have ended, and gives what its body returns", () =>
    virtually(function* (loop) {
      const log: string[] = [];
      const result = yield* taskGroup(function* (group) {
        group.createTask(
          (function* () {
            yield* sleep(30);
            log.push("slow");
          })(),
        );
        const quick = group.createTask(sleep(10, "quick"));
        return yield* quick;
      });
      expect(result).toBe("quick");
      expect(log).toEqual(["slow"]);
      expect(loop.time()).toBe(30);
    }));

  test("without tasks costs no turn", () =>
    virtually(function* () {
      const log: string[] = [];
      getRunningLoop().callSoon(() => log.push("next turn"));
      yield* taskGroup(function* () {
        log.push("body");
      });
      log.push("after");
      yield* sleep(0);
      expect(log).toEqual(["body", "after", "next turn"]);
    }));

  test("takes tasks from tasks, while it waits", () =>
    virtually(function* (loop) {
      const log: string[] = [];
      const grow = coroutine(function* grow(group: TaskGroup, levels: number) {
        yield* sleep(10);
        log.push(`level ${levels}`);
        if (levels > 1) group.createTask(grow(group, levels - 1));
      });
      yield* taskGroup(function* (group) {
        group.createTask(grow(group, 3));
      });
      expect(log).toEqual(["level 3", "level 2", "level 1"]);
      expect(loop.time()).toBe(30);
    }));

  test("gives its tasks names and contexts", () =>
    virtually(function* () {
      yield* taskGroup(function* (group) {
        const task = group.createTask(sleep(1), { name: "named" });
        expect(task.getName()).toBe("named");
        expect(task.awaitedBy.has(currentTask()!)).toBe(true);
        yield* task;
        yield* sleep(0);
        expect(task.awaitedBy.size).toBe(0);
      });
    }));

  test("starts eager tasks at once", () =>
    virtually(function* () {
      const log: string[] = [];
      yield* taskGroup(function* (group) {
        const task = group.createTask(
          (function* () {
            log.push("eager");
            return 1;
          })(),
          { eagerStart: true },
        );
        log.push("body");
        expect(task.done()).toBe(true);
        return yield* task;
      });
      expect(log).toEqual(["eager", "body"]);
    }));

  test("may have a plain body that gives an awaitable", () =>
    virtually(function* () {
      expect(yield* taskGroup((group) => group.createTask(sleep(1, "task")))).toBe("task");
    }));
});

describe("a task that fails", () => {
  test("cancels its siblings and the body; all clean up; the failures come in one group", () =>
    virtually(function* (loop) {
      const log: string[] = [];
      const sibling = coroutine(function* sibling() {
        try {
          yield* sleep(1000);
        } finally {
          yield* sleep(5);
          log.push("sibling cleaned up");
        }
      });
      const errors = yield* errorsOf(() =>
        taskGroup(function* (group) {
          group.createTask(sibling());
          group.createTask(failing(10, "one"));
          try {
            yield* sleep(1000);
          } catch (error) {
            log.push(error instanceof CancelledError ? "body cancelled" : "?");
            throw error;
          }
        }),
      );
      expect(errors).toEqual(["RangeError: one"]);
      expect(log).toEqual(["body cancelled", "sibling cleaned up"]);
      expect(loop.time()).toBe(15);
      expect(currentTask()?.cancelling()).toBe(0);
    }));

  test("while the group waits for its tasks", () =>
    virtually(function* () {
      const errors = yield* errorsOf(() =>
        taskGroup(function* (group) {
          group.createTask(failing(10, "one"));
          group.createTask(failing(10, "two"));
          group.createTask(failingLate("three"));
        }),
      );
      expect(errors).toEqual(["RangeError: one", "RangeError: two", "RangeError: three"]);
      expect(currentTask()?.cancelling()).toBe(0);
    }));

  test("and its failure is thrown as ExceptionGroup", () =>
    virtually(function* () {
      let caught: unknown;
      try {
        yield* taskGroup(function* (group) {
          group.createTask(failing(1, "one"));
        });
      } catch (error) {
        caught = error;
      }
      expect(caught).toBeInstanceOf(ExceptionGroup);
      expect(String(caught)).toBe("ExceptionGroup: unhandled errors in a TaskGroup (1 sub-exception)");
    }));

  test("before the body has suspended: the body is cancelled at its first await", () =>
    virtually(function* () {
      const log: string[] = [];
      const errors = yield* errorsOf(() =>
        taskGroup(function* (group) {
          group.createTask(
            (function* () {
              yield* [];
              throw new RangeError("at once");
            })(),
            { eagerStart: true },
          );
          log.push("body went on");
          yield* sleep(0);
          yield* sleep(1000);
          log.push("never");
        }),
      );
      expect(errors).toEqual(["RangeError: at once"]);
      expect(log).toEqual(["body went on"]);
    }));

  test("and a body that answers its cancellation, or ends before it notices", () =>
    virtually(function* () {
      const answered = yield* errorsOf(() =>
        taskGroup(function* (group) {
          group.createTask(failing(1, "one"));
          try {
            yield* sleep(1000);
          } catch {
            return "answered";
          }
        }),
      );
      expect(answered).toEqual(["RangeError: one"]);
      expect(currentTask()?.cancelling()).toBe(0);
    }));

  test("and a body that fails, too: both are told, the body's last", () =>
    virtually(function* () {
      const errors = yield* errorsOf(() =>
        taskGroup(function* (group) {
          group.createTask(failing(1, "task"));
          yield* failingLate("body");
        }),
      );
      expect(errors).toEqual(["RangeError: task", "RangeError: body"]);
    }));
});

describe.each([true, false])("tasks of a group with eagerStart: %s", (eagerStart) => {
  test("one that a failing task of its own making cancels while it is being made", () =>
    virtually(function* () {
      let ran = false;
      const errors = yield* errorsOf(() =>
        taskGroup(function* (group) {
          const third = coroutine(function* third() {
            throw new RangeError("third");
          });
          const second = coroutine(function* second() {
            group.createTask(third(), { eagerStart });
            // An eager one is cancelled at the first of them, the other at the second.
            const thrown = yield* thrownBy(function* () {
              yield* sleep(0);
              yield* sleep(0);
            });
            expect(thrown).toBe("CancelledError");
            ran = true;
          });
          group.createTask(second(), { eagerStart });
        }),
      );
      expect([ran, errors]).toEqual([true, ["RangeError: third"]]);
    }));

  test("one that fails before the body has suspended: no cancellation gets out of the group", () =>
    virtually(function* () {
      const fails = coroutine(function* fails() {
        throw new RangeError("failed");
      });
      const errors = yield* errorsOf(() =>
        taskGroup(function* (group) {
          group.createTask(fails(), { eagerStart });
        }),
      );
      expect(errors).toEqual(["RangeError: failed"]);
      expect(currentTask()!.cancelling()).toBe(0);
      yield* sleep(0);
    }));
});

describe("a body that fails", () => {
  test("cancels the tasks; its error is in the group", () =>
    virtually(function* (loop) {
      let task: Task<void> | undefined;
      const errors = yield* errorsOf(() =>
        taskGroup(function* (group) {
          task = group.createTask(sleep(1000));
          group.createTask(failingLate("task"));
          yield* sleep(5);
          throw new RangeError("body");
        }),
      );
      expect(errors).toEqual(["RangeError: task", "RangeError: body"]);
      expect(task?.cancelled()).toBe(true);
      expect(loop.time()).toBe(5);
    }));

  test("without tasks: a group all the same", () =>
    virtually(function* () {
      const errors = yield* errorsOf(() =>
        taskGroup(() => {
          throw new RangeError("body");
        }),
      );
      expect(errors).toEqual(["RangeError: body"]);
    }));
});

describe("cancelling a task of the group", () => {
  test("from outside is no failure: the others go on", () =>
    virtually(function* () {
      const log: string[] = [];
      yield* taskGroup(function* (group) {
        const one = group.createTask(sleep(1000));
        group.createTask(
          (function* () {
            yield* sleep(20);
            log.push("went on");
          })(),
        );
        yield* sleep(1);
        one.cancel();
      });
      expect(log).toEqual(["went on"]);
    }));

  test("that the body awaits: the body fails with a CancelledError, and so does the group", () =>
    virtually(function* () {
      const error = yield* thrownBy(() =>
        taskGroup(function* (group) {
          const one = group.createTask(sleep(1000));
          getRunningLoop().callLater(5, () => one.cancel("one"));
          yield* one;
        }),
      );
      expect(error).toBe("CancelledError: one");
    }));
});

describe("cancelling the parent", () => {
  test("in the body: the tasks are cancelled, and the cancellation goes on", () =>
    virtually(function* () {
      const tasks: Task<void>[] = [];
      const parent = createTask(
        taskGroup(function* (group) {
          tasks.push(group.createTask(sleep(1000)), group.createTask(sleep(1000)));
          yield* sleep(500);
        }),
      );
      yield* sleep(5);
      parent.cancel("enough");
      expect(yield* thrownBy(() => parent)).toBe("CancelledError: enough");
      expect(tasks.map((task) => task.cancelled())).toEqual([true, true]);
      expect(parent.cancelling()).toBe(1);
    }));

  test("while it waits for the tasks", () =>
    virtually(function* (loop) {
      const parent = createTask(
        taskGroup(function* (group) {
          group.createTask(
            (function* () {
              try {
                yield* sleep(1000);
              } finally {
                yield* sleep(10);
              }
            })(),
          );
        }),
      );
      yield* sleep(5);
      parent.cancel("enough");
      expect(yield* thrownBy(() => parent)).toBe("CancelledError: enough");
      expect(loop.time()).toBe(15);
    }));

  test("again and again: the tasks are cancelled once, and waited for", () =>
    virtually(function* (loop) {
      let cancellations = 0;
      const parent = createTask(
        taskGroup(function* (group) {
          group.createTask(
            (function* () {
              try {
                yield* sleep(1000);
              } catch {
                cancellations++;
                currentTask()!.uncancel();
                yield* sleep(50);
              }
            })(),
          );
        }),
      );
      for (let times = 0; times < 3; times++) {
        yield* sleep(5);
        parent.cancel(`${times}`);
      }
      expect(yield* thrownBy(() => parent)).toBe("CancelledError: 0");
      expect(cancellations).toBe(1);
      expect(loop.time()).toBe(55);
      expect(parent.cancelling()).toBe(3);
    }));

  test("and tasks that fail in their clean-up: the failures go first, the request stays", () =>
    virtually(function* () {
      const parent = createTask(
        (function* () {
          const errors = yield* errorsOf(() =>
            taskGroup(function* (group) {
              group.createTask(failingLate("clean-up"));
              yield* sleep(1000);
            }),
          );
          expect(errors).toEqual(["RangeError: clean-up"]);
          expect(currentTask()?.cancelling()).toBe(1);
          // The request is served at the next await.
          yield* sleep(1000);
        })(),
      );
      yield* sleep(5);
      parent.cancel();
      expect(yield* thrownBy(() => parent)).toBe("CancelledError");
    }));

  test("in the same turn as a task fails: both count", () =>
    virtually(function* () {
      const parent = createTask(
        (function* () {
          const errors = yield* errorsOf(() =>
            taskGroup(function* (group) {
              group.createTask(failing(10, "task"));
              yield* sleep(1000);
            }),
          );
          expect(errors).toEqual(["RangeError: task"]);
          expect(currentTask()?.cancelling()).toBe(1);
          yield* sleep(1000);
        })(),
      );
      getRunningLoop().callLater(10, () => {
        getRunningLoop().callSoon(() => parent.cancel());
      });
      expect(yield* thrownBy(() => parent)).toBe("CancelledError");
    }));

  test("before the group: the request that was there stays", () =>
    virtually(function* () {
      const parent = currentTask()!;
      parent.cancel();
      expect(yield* thrownBy(() => sleep(0))).toBe("CancelledError");
      const errors = yield* errorsOf(() =>
        taskGroup(function* (group) {
          group.createTask(failing(1, "task"));
          yield* sleep(1000);
        }),
      );
      expect(errors).toEqual(["RangeError: task"]);
      expect(parent.cancelling()).toBe(1);
      expect(yield* thrownBy(() => sleep(1))).toBe("CancelledError");
      expect(parent.uncancel()).toBe(0);
    }));
});

describe("nested groups", () => {
  test("a failure in the inner one cancels it, and then the outer one", () =>
    virtually(function* () {
      const log: string[] = [];
      const errors = yield* errorsOf(() =>
        taskGroup(function* (outer) {
          outer.createTask(
            (function* () {
              try {
                yield* sleep(1000);
              } finally {
                log.push("outer sibling");
              }
            })(),
          );
          yield* taskGroup(function* (inner) {
            inner.createTask(failing(5, "inner"));
            try {
              yield* sleep(1000);
            } finally {
              log.push("inner body");
            }
          });
        }),
      );
      expect(errors).toEqual([["RangeError: inner"]]);
      expect(log).toEqual(["inner body", "outer sibling"]);
    }));

  test("a failure in the outer one cancels the inner one", () =>
    virtually(function* () {
      const log: string[] = [];
      const errors = yield* errorsOf(() =>
        taskGroup(function* (outer) {
          outer.createTask(failing(5, "outer"));
          try {
            yield* taskGroup(function* (inner) {
              inner.createTask(sleep(1000));
              inner.createTask(failingLate("inner"));
            });
          } catch (error) {
            log.push(error instanceof ExceptionGroup ? "inner group" : String(error));
            throw error;
          }
        }),
      );
      expect(errors).toEqual(["RangeError: outer", ["RangeError: inner"]]);
      expect(log).toEqual(["inner group"]);
      expect(currentTask()?.cancelling()).toBe(0);
    }));

  test("both fail at once", () =>
    virtually(function* () {
      const errors = yield* errorsOf(() =>
        taskGroup(function* (outer) {
          outer.createTask(failing(5, "outer"));
          yield* taskGroup(function* (inner) {
            inner.createTask(failing(5, "inner"));
            yield* sleep(1000);
          });
        }),
      );
      expect(errors).toEqual(["RangeError: outer", ["RangeError: inner"]]);
      expect(currentTask()?.cancelling()).toBe(0);
    }));

  test("1,000 deep, cancelled from the outside", () =>
    virtually(function* () {
      let ended = 0;
      const nest = coroutine(function* (levels: number) {
        yield* taskGroup(function* (group) {
          if (levels > 0) group.createTask(nest(levels - 1));
          else group.createTask(sleep(1_000_000));
        });
      });
      const task = createTask(
        (function* () {
          try {
            yield* nest(1000);
          } finally {
            ended++;
          }
        })(),
      );
      yield* sleep(1);
      task.cancel("all");
      expect(yield* thrownBy(() => task)).toBe("CancelledError: all");
      expect(ended).toBe(1);
    }));

  test("within a timeout that passes", () =>
    virtually(function* (loop) {
      let task: Task<void> | undefined;
      const error = yield* thrownBy(() =>
        timeout(10, () =>
          taskGroup(function* (group) {
            task = group.createTask(sleep(1000));
          }),
        ),
      );
      expect(error).toBe("TimeoutError: timed out after 10 ms");
      expect(task?.cancelled()).toBe(true);
      expect(loop.time()).toBe(10);
    }));
});

describe("group.cancel()", () => {
  test("ends the group without an error", () =>
    virtually(function* (loop) {
      const log: string[] = [];
      const result = yield* taskGroup(function* (group) {
        group.createTask(
          (function* () {
            try {
              yield* sleep(1000);
            } finally {
              yield* sleep(5);
              log.push("cleaned up");
            }
          })(),
        );
        loop.callLater(10, () => group.cancel());
        yield* sleep(1000);
        return "never";
      });
      expect(result).toBeUndefined();
      expect(log).toEqual(["cleaned up"]);
      expect(loop.time()).toBe(15);
      expect(currentTask()?.cancelling()).toBe(0);
    }));

  test("while it waits for its tasks: the body's result is given", () =>
    virtually(function* (loop) {
      const result = yield* taskGroup(function* (group) {
        group.createTask(sleep(1000));
        loop.callLater(10, () => {
          group.cancel();
          group.cancel();
        });
        return "result";
      });
      expect(result).toBe("result");
      expect(loop.time()).toBe(10);
      expect(currentTask()?.cancelling()).toBe(0);
    }));

  test("failures in the clean-up are thrown all the same", () =>
    virtually(function* () {
      const errors = yield* errorsOf(() =>
        taskGroup(function* (group) {
          group.createTask(failingLate("clean-up"));
          yield* sleep(1);
          group.cancel();
          yield* sleep(1000);
        }),
      );
      expect(errors).toEqual(["RangeError: clean-up"]);
      expect(currentTask()?.cancelling()).toBe(0);
    }));

  test("together with a cancellation of the parent: that one goes on", () =>
    virtually(function* () {
      for (const first of ["group", "parent"]) {
        let kept: TaskGroup | undefined;
        const parent = createTask(
          taskGroup(function* (group) {
            kept = group;
            group.createTask(
              (function* () {
                try {
                  yield* sleep(1000);
                } finally {
                  yield* sleep(20);
                }
              })(),
            );
            yield* sleep(1000);
          }),
        );
        yield* sleep(5);
        if (first === "group") kept!.cancel();
        else parent.cancel("outside");
        yield* sleep(5);
        if (first === "group") parent.cancel("outside");
        else kept!.cancel();
        expect(yield* thrownBy(() => parent)).toMatch(/^CancelledError/);
        expect(parent.cancelling()).toBe(1);
      }
    }));

  test("a body that ended, and the parent cancelled while the cancelled tasks clean up: that goes on", () =>
    virtually(function* () {
      let kept: TaskGroup | undefined;
      const parent = createTask(
        taskGroup(function* (group) {
          kept = group;
          group.createTask(
            (function* () {
              try {
                yield* sleep(1000);
              } finally {
                yield* sleep(20);
              }
            })(),
          );
        }),
      );
      yield* sleep(5);
      kept!.cancel();
      yield* sleep(5);
      parent.cancel("outside");
      expect(yield* thrownBy(() => parent)).toBe("CancelledError: outside");
    }));

  test("by an eager task, before it belongs to the group: it is cancelled too", () =>
    virtually(function* () {
      let task: Task<void> | undefined;
      yield* taskGroup(function* (group) {
        task = group.createTask(
          (function* () {
            group.cancel();
            yield* sleep(1000);
          })(),
          { eagerStart: true },
        );
      });
      expect(task?.cancelled()).toBe(true);
      expect(currentTask()?.cancelling()).toBe(0);
    }));

  test("after the group is over does nothing", () =>
    virtually(function* () {
      let kept: TaskGroup | undefined;
      yield* taskGroup(function* (group) {
        kept = group;
      });
      kept!.cancel();
      yield* sleep(1);
      expect(currentTask()?.cancelling()).toBe(0);
    }));
});

describe("a task cannot be added", () => {
  test("when the group is over, or shutting down; its coroutine is closed", () =>
    virtually(function* () {
      let kept: TaskGroup | undefined;
      yield* taskGroup(function* (group) {
        kept = group;
        expect(String(group)).toBe("<TaskGroup entered>");
      });
      const coro = sleep(1);
      expect(() => kept!.createTask(coro)).toThrow("<TaskGroup entered> is finished: no task can be added");
      expect(coro.state).toBe("closed");

      const errors = yield* errorsOf(() =>
        taskGroup(function* (group) {
          group.createTask(failing(1, "first"));
          group.createTask(
            (function* () {
              try {
                yield* sleep(1000);
              } finally {
                group.createTask(sleep(1));
              }
            })(),
          );
        }),
      );
      expect(errors).toEqual([
        "RangeError: first",
        "RuntimeError: <TaskGroup tasks=1 errors=1 cancelling> is shutting down: no task can be added",
      ]);
    }));

  test("when it is no coroutine", () =>
    virtually(function* () {
      const errors = yield* errorsOf(() =>
        taskGroup(function* (group) {
          group.createTask((async () => {}) as never);
        }),
      );
      expect(errors).toEqual([
        expect.stringMatching(
          /^TypeError: .* expects a coroutine, got an anonymous function; an async function becomes/,
        ),
      ]);
    }));
});

describe("misuse", () => {
  test("a body that is no generator function", () =>
    virtually(function* () {
      expect(yield* thrownBy(() => taskGroup(3 as never))).toBe(
        "TypeError: taskGroup() expects a body such as function* (scope) {…}, got 3",
      );
      expect(yield* thrownBy(() => taskGroup(async () => {}))).toBe(
        "TypeError: taskGroup() cannot cancel an async function: write its body as function* (scope) {…}, with yield* for await",
      );
    }));

  test("outside a task", () => {
    const loop = new EventLoop({ host: testHost() });
    const errors: unknown[] = [];
    loop.callSoon(() => {
      try {
        taskGroup(() => sleep(1)).send();
      } catch (error) {
        errors.push(String(error));
      }
      loop.stop();
    });
    loop.runForever();
    loop.close();
    expect(errors).toEqual(["RuntimeError: a task group works by cancelling a task: use it inside one"]);
  });
});

test("a coroutine that is closed while its group waits ends at once, and its tasks go on", () =>
  virtually(function* () {
    let task: Task<string> | undefined;
    const coro = taskGroup(function* (group) {
      task = group.createTask(sleep(5, "went on"));
    });
    coro.send();
    coro.close();
    expect(coro.state).toBe("closed");
    expect(yield* task!).toBe("went on");
  }));

test("a coroutine that is closed within a group without tasks ends quietly", () =>
  virtually(function* () {
    const coro = taskGroup(() => sleep(1000));
    coro.send();
    coro.close();
    expect(coro.state).toBe("closed");
  }));

test("a task that fails when the parent is done already is reported", () => {
  const stray: ExceptionContext[] = [];
  virtually(function* () {
    const future = new Future<void>();
    // Driven by hand, and left: its parent ends without it.
    const parent = createTask(
      (function* () {
        taskGroup(function* (group) {
          group.createTask(failing(10, "orphan"));
          yield* future;
        }).send();
      })(),
    );
    yield* parent;
    yield* sleep(20);
    future.cancel();
  }, stray);
  expect(stray.map(({ message }) => message.replaceAll(/Task-\d+/g, "Task-N"))).toEqual([
    expect.stringMatching(/^<Task .*name="Task-N".*> has failed, but the parent of its group is done already: <Task /),
  ]);
});

test("100,000 tasks, in linear time", () =>
  virtually(function* () {
    let sum = 0;
    const add = coroutine(function* add(value: number) {
      yield* sleep(value % 3);
      sum += value;
    });
    yield* taskGroup(function* (group) {
      for (let value = 0; value < 100_000; value++) group.createTask(add(value));
    });
    expect(sum).toBe((100_000 * 99_999) / 2);
  }));
