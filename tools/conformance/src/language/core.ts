import type { Operation, Site } from "./operation.ts";
import { quoted } from "./operation.ts";
import type { Given } from "./program.ts";

const messages = ["x", "y", "z"];

/** One of the futures a program has from its start. */
export const futureSlot = (site: Site): string => `future${site.random.between(0, 2)}`;

/** Any task of the program: task 3 is the one started last among those running coroutine 3. */
export const anyTaskSlot = (site: Site): string => {
  const place = site.random.pick(site.allCoroutines);
  // Main is left alone most of the time: much ends with it.
  return `task${place === 0 ? site.random.pick(site.allCoroutines) : place}`;
};

/** A task that may be awaited here: one that cannot be waiting, however indirectly, for the one that awaits it. */
export const awaitableTaskSlot = (site: Site): string | undefined =>
  site.coroutines.length === 0 ? undefined : `task${site.random.pick(site.coroutines)}`;

/** A future or task to look at, cancel, or add a callback to. */
export const anySlot = (site: Site): string => (site.random.chance(0.4) ? futureSlot(site) : anyTaskSlot(site));

/** A future or task to await. */
export const awaitableSlot = (site: Site): string =>
  site.random.chance(0.5) ? futureSlot(site) : (awaitableTaskSlot(site) ?? futureSlot(site));

export const number = (site: Site): number => site.random.between(0, 9);

/** Whole numbers mostly, so that deadlines coincide; binary fractions now and then. */
export const delay = (site: Site): number =>
  site.random.weighted<number>([
    [0, 3],
    [1, 6],
    [2, 4],
    [3, 2],
    [5, 1],
    [0.5, 1],
    [-1, 0.3],
  ]);

const errorClass = (site: Site): string =>
  site.random.weighted([
    ["Boom", 6],
    ["Bang", 3],
    ["CancelledError", 1],
  ]);
const message = (site: Site): string => site.random.pick(messages);
const maybeMessage = (site: Site): string | null => (site.random.chance(0.5) ? message(site) : null);

const pythonError = (g: Given): string =>
  `${g.error === "CancelledError" ? "asyncio." : ""}${g.error}(${quoted(g.message)})`;
const typescriptError = (g: Given): string => `new ${g.error}(${quoted(g.message)})`;
const argument = (value: unknown): string => (value === null || value === undefined ? "" : quoted(value));

/** Gives `make` a callback that may be used at the site. */
export function withCallback(make: (site: Site, callback: string) => Given) {
  return (site: Site) =>
    site.callbacks.length === 0 ? undefined : { given: make(site, `k${site.random.pick(site.callbacks)}`) };
}

/** Gives `make` a coroutine function that may be used at the site. */
export function withCoroutine(make: (site: Site, place: number) => Given) {
  return (site: Site) =>
    site.coroutines.length === 0 ? undefined : { given: make(site, site.random.pick(site.coroutines)) };
}

export const coreOperations: readonly Operation[] = [
  // Futures
  {
    name: "new future",
    family: "future",
    weight: 2,
    form: "call",
    make: (site) => ({ given: { slot: futureSlot(site) } }),
    python: (g) => `put("${g.slot}", asyncio.Future())`,
    typescript: (g) => `put("${g.slot}", new Future())`,
  },
  {
    name: "set result",
    family: "future",
    weight: 6,
    form: "call",
    make: (site) => ({ given: { slot: futureSlot(site), value: number(site) } }),
    python: (g) => `s.${g.slot}.set_result(${g.value})`,
    typescript: (g) => `s.${g.slot}.setResult(${g.value})`,
  },
  {
    name: "set exception",
    family: "future",
    weight: 3,
    form: "call",
    make: (site) => ({ given: { slot: futureSlot(site), error: errorClass(site), message: message(site) } }),
    python: (g) => `s.${g.slot}.set_exception(${pythonError(g)})`,
    typescript: (g) => `s.${g.slot}.setException(${typescriptError(g)})`,
  },
  {
    name: "cancel future",
    family: "future",
    weight: 2,
    form: "call",
    make: (site) => ({ given: { slot: futureSlot(site), message: maybeMessage(site) } }),
    python: (g) => `s.${g.slot}.cancel(${argument(g.message)})`,
    typescript: (g) => `s.${g.slot}.cancel(${argument(g.message)})`,
  },
  {
    name: "await future",
    family: "future",
    weight: 6,
    form: "await",
    make: (site) => ({ given: { slot: futureSlot(site) } }),
    python: (g) => `s.${g.slot}`,
    typescript: (g) => `s.${g.slot}`,
  },
  ...(["done", "cancelled", "result", "exception"] as const).map(
    (method): Operation => ({
      name: method,
      family: "future",
      weight: 1.5,
      form: "call",
      make: (site) => ({ given: { slot: anySlot(site) } }),
      python: (g) => `s.${g.slot}.${method}()`,
      typescript: (g) => `s.${g.slot}.${method}()`,
    }),
  ),
  // Callbacks
  {
    name: "add callback",
    family: "callback",
    weight: 4,
    form: "call",
    make: withCallback((site, callback) => ({ slot: anySlot(site), callback })),
    python: (g) => `s.${g.slot}.add_done_callback(${g.callback})`,
    typescript: (g) => `s.${g.slot}.addDoneCallback(${g.callback})`,
  },
  {
    name: "remove callback",
    family: "callback",
    weight: 2,
    form: "call",
    make: withCallback((site, callback) => ({ slot: anySlot(site), callback })),
    python: (g) => `s.${g.slot}.remove_done_callback(${g.callback})`,
    typescript: (g) => `s.${g.slot}.removeDoneCallback(${g.callback})`,
  },
  {
    name: "call soon",
    family: "callback",
    weight: 4,
    form: "call",
    make: withCallback((site, callback) => ({ slot: `handle${site.random.between(0, 1)}`, callback })),
    python: (g) => `put("${g.slot}", loop.call_soon(${g.callback}))`,
    typescript: (g) => `put("${g.slot}", loop.callSoon(() => ${g.callback}()))`,
  },
  // Timers
  {
    name: "call later",
    family: "timer",
    weight: 6,
    form: "call",
    make: withCallback((site, callback) => ({
      slot: `timer${site.random.between(0, 2)}`,
      callback,
      delay: delay(site),
    })),
    python: (g) => `put("${g.slot}", loop.call_later(${g.delay}, ${g.callback}))`,
    typescript: (g) => `put("${g.slot}", loop.callLater(${g.delay}, () => ${g.callback}()))`,
  },
  {
    name: "call at",
    family: "timer",
    weight: 2,
    form: "call",
    make: withCallback((site, callback) => ({
      slot: `timer${site.random.between(0, 2)}`,
      callback,
      when: site.random.between(0, 8),
    })),
    python: (g) => `put("${g.slot}", loop.call_at(${g.when}, ${g.callback}))`,
    typescript: (g) => `put("${g.slot}", loop.callAt(${g.when}, () => ${g.callback}()))`,
  },
  ...(["handle", "timer"] as const).flatMap((kind): Operation[] => [
    {
      name: `cancel ${kind}`,
      family: kind === "handle" ? "callback" : "timer",
      weight: 3,
      form: "call",
      make: (site) => ({ given: { slot: `${kind}${site.random.between(0, kind === "handle" ? 1 : 2)}` } }),
      python: (g) => `s.${g.slot}.cancel()`,
      typescript: (g) => `s.${g.slot}.cancel()`,
    },
    {
      name: `${kind} cancelled`,
      family: kind === "handle" ? "callback" : "timer",
      weight: 1,
      form: "call",
      make: (site) => ({ given: { slot: `${kind}${site.random.between(0, kind === "handle" ? 1 : 2)}` } }),
      python: (g) => `s.${g.slot}.cancelled()`,
      typescript: (g) => `s.${g.slot}.cancelled()`,
    },
  ]),
  {
    name: "timer when",
    family: "timer",
    weight: 1,
    form: "call",
    make: (site) => ({ given: { slot: `timer${site.random.between(0, 2)}` } }),
    python: (g) => `s.${g.slot}.when()`,
    typescript: (g) => `s.${g.slot}.when()`,
  },
  // Tasks
  {
    name: "create task",
    family: "task",
    weight: 5,
    form: "call",
    make: withCoroutine((_site, place) => ({ place })),
    python: (g) => `put("task${g.place}", asyncio.create_task(c${g.place}(), name=name("c${g.place}")))`,
    typescript: (g) => `put("task${g.place}", createTask(c${g.place}(), { name: name("c${g.place}") }))`,
  },
  {
    name: "create eager task",
    family: "eager",
    weight: 5,
    form: "call",
    make: withCoroutine((_site, place) => ({ place })),
    python: (g) =>
      `put("task${g.place}", asyncio.create_task(c${g.place}(), name=name("c${g.place}"), eager_start=True))`,
    typescript: (g) =>
      `put("task${g.place}", createTask(c${g.place}(), { name: name("c${g.place}"), eagerStart: true }))`,
  },
  {
    name: "await task",
    family: "task",
    weight: 5,
    form: "await",
    make: (site) => {
      const slot = awaitableTaskSlot(site);
      return slot === undefined ? undefined : { given: { slot } };
    },
    python: (g) => `s.${g.slot}`,
    typescript: (g) => `s.${g.slot}`,
  },
  {
    name: "call coroutine",
    family: "task",
    weight: 4,
    form: "await",
    make: withCoroutine((_site, place) => ({ place })),
    python: (g) => `c${g.place}()`,
    typescript: (g) => `c${g.place}()`,
  },
  {
    name: "sleep",
    family: "task",
    weight: 7,
    form: "await",
    make: (site) => ({ given: { delay: delay(site), value: site.random.chance(0.3) ? number(site) : null } }),
    python: (g) => `asyncio.sleep(${g.delay}${g.value === null ? "" : `, ${g.value}`})`,
    typescript: (g) => `sleep(${g.delay}${g.value === null ? "" : `, ${g.value}`})`,
  },
  {
    name: "await itself",
    family: "task",
    weight: 0.5,
    form: "await",
    // Once, and by main, which nobody awaits: CPython leaves such a task in a state in which awaiting it fails.
    make: (site) => {
      if (site.place !== 0 || site.depth > 0 || site.made("itself").length > 0) return undefined;
      site.fresh("itself");
      return {};
    },
    python: () => "asyncio.current_task()",
    typescript: () => "currentTask()",
  },
  {
    name: "all tasks",
    family: "task",
    weight: 0.5,
    form: "call",
    make: () => ({}),
    python: () => "labels(asyncio.all_tasks())",
    typescript: () => "labels(allTasks())",
  },
  {
    name: "task name",
    family: "task",
    weight: 0.3,
    form: "call",
    make: (site) => ({ given: { slot: anyTaskSlot(site) } }),
    python: (g) => `s.${g.slot}.get_name()`,
    typescript: (g) => `s.${g.slot}.getName()`,
  },
  // Cancelling
  {
    name: "cancel task",
    family: "cancel",
    weight: 6,
    form: "call",
    make: (site) => ({ given: { slot: anyTaskSlot(site), message: maybeMessage(site) } }),
    python: (g) => `s.${g.slot}.cancel(${argument(g.message)})`,
    typescript: (g) => `s.${g.slot}.cancel(${argument(g.message)})`,
  },
  {
    name: "cancel a task",
    family: "cancel",
    weight: 2,
    form: "call",
    make: (site) => ({ given: { number: site.random.between(0, 9), message: maybeMessage(site) } }),
    python: (g) => `started(${g.number}).cancel(${argument(g.message)})`,
    typescript: (g) => `started(${g.number}).cancel(${argument(g.message)})`,
  },
  {
    name: "cancel oneself",
    family: "cancel",
    weight: 0.8,
    form: "call",
    make: (site) => (site.awaits ? { given: { message: maybeMessage(site) } } : undefined),
    python: (g) => `asyncio.current_task().cancel(${argument(g.message)})`,
    typescript: (g) => `currentTask().cancel(${argument(g.message)})`,
  },
  ...(["uncancel", "cancelling"] as const).map(
    (method): Operation => ({
      name: method,
      family: "cancel",
      weight: 1.5,
      form: "call",
      make: (site) => ({ given: { slot: site.awaits && site.random.chance(0.6) ? null : anyTaskSlot(site) } }),
      python: (g) => `${g.slot === null ? "asyncio.current_task()" : `s.${g.slot}`}.${method}()`,
      typescript: (g) => `${g.slot === null ? "currentTask()" : `s.${g.slot}`}.${method}()`,
    }),
  ),
  {
    name: "call graph",
    family: "graph",
    weight: 3,
    form: "call",
    make: (site) => ({ given: { slot: anySlot(site) } }),
    python: (g) => `graph(s.${g.slot})`,
    typescript: (g) => `graph(s.${g.slot})`,
  },
  {
    name: "call graph of oneself",
    family: "graph",
    weight: 1,
    form: "call",
    make: (site) => (site.awaits ? {} : undefined),
    python: () => "graph(asyncio.current_task())",
    typescript: () => "graph(currentTask())",
  },
  {
    name: "awaited by",
    family: "graph",
    weight: 1,
    form: "call",
    make: (site) => ({ given: { slot: anySlot(site) } }),
    python: (g) => `labels(s.${g.slot}._asyncio_awaited_by or ())`,
    typescript: (g) => `labels(s.${g.slot}.awaitedBy)`,
  },
  // Flow
  {
    name: "try",
    family: "flow",
    weight: 5,
    form: "block",
    make: (site) => {
      if (!site.awaits) return undefined;
      const final = site.random.chance(0.4);
      const caught = final
        ? site.random.pick(["cancelled", "error", "any", null])
        : site.random.pick(["cancelled", "error", "any"]);
      return {
        given: { caught, again: caught !== null && site.random.chance(0.35), final },
        blocks: [site.block(1, 3), caught === null ? [] : site.block(0, 2), final ? site.block(1, 2) : []],
      };
    },
    python: ({ id, given, blocks: [body = [], handler = [], final = []] }, w) => {
      w.line("try:");
      w.block(body);
      if (given.caught !== null) {
        const what = { cancelled: "asyncio.CancelledError", error: "Exception", any: "BaseException" }[
          given.caught as "any"
        ];
        w.line(`except ${what} as error:`);
        w.indent(() => w.line(`log("${id} caught", error)`));
        if (handler.length > 0) w.block(handler);
        if (given.again === true) w.indent(() => w.line("raise"));
      }
      if (given.final === true) {
        w.line("finally:");
        w.indent(() => w.line(`log("${id} finally")`));
        if (final.length > 0) w.block(final);
      }
    },
    typescript: ({ id, given, blocks: [body = [], handler = [], final = []] }, w) => {
      w.line("try {");
      w.block(body);
      if (given.caught !== null) {
        w.line("} catch (error) {");
        w.indent(() => {
          if (given.caught === "cancelled") w.line("if (!(error instanceof CancelledError)) throw error;");
          if (given.caught === "error") w.line("if (error instanceof CancelledError) throw error;");
          w.line(`log("${id} caught", error);`);
        });
        w.block(handler);
        if (given.again === true) w.indent(() => w.line("throw error;"));
      }
      if (given.final === true) {
        w.line("} finally {");
        w.indent(() => w.line(`log("${id} finally");`));
        w.block(final);
      }
      w.line("}");
    },
  },
  {
    name: "repeat",
    family: "flow",
    weight: 1,
    form: "block",
    make: (site) => ({ given: { times: site.random.between(2, 3) }, blocks: [site.block(1, 2)] }),
    python: ({ given, blocks: [body = []] }, w) => {
      w.line(`for _ in range(${given.times}):`);
      w.block(body);
    },
    typescript: ({ given, blocks: [body = []] }, w) => {
      w.line(`for (let i = 0; i < ${given.times}; i++) {`);
      w.block(body);
      w.line("}");
    },
  },
  {
    name: "if done",
    family: "flow",
    weight: 1,
    form: "block",
    make: (site) => ({ given: { slot: anySlot(site) }, blocks: [site.block(1, 2), site.block(0, 1)] }),
    python: ({ given, blocks: [body = [], other = []] }, w) => {
      w.line(`if s.${given.slot}.done():`);
      w.block(body);
      if (other.length > 0) {
        w.line("else:");
        w.block(other);
      }
    },
    typescript: ({ given, blocks: [body = [], other = []] }, w) => {
      w.line(`if (s.${given.slot}.done()) {`);
      w.block(body);
      if (other.length > 0) {
        w.line("} else {");
        w.block(other);
      }
      w.line("}");
    },
  },
  {
    name: "raise",
    family: "flow",
    weight: 0.7,
    form: "block",
    make: (site) => ({ given: { error: errorClass(site), message: message(site) } }),
    python: ({ given }, w) => w.line(`raise ${pythonError(given)}`),
    typescript: ({ given }, w) => w.line(`throw ${typescriptError(given)};`),
  },
  {
    name: "return",
    family: "flow",
    weight: 0.7,
    form: "block",
    make: (site) => (site.mayReturn ? { given: { value: number(site) } } : undefined),
    python: ({ given }, w) => w.line(`return ${given.value}`),
    typescript: ({ given }, w) => w.line(`return ${given.value};`),
  },
];
