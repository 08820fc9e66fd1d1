import { anySlot, anyTaskSlot, delay, number, withCallback, withCoroutine } from "./core.ts";
import type { Operation, Site } from "./operation.ts";

const context = (site: Site): string => `context${site.random.between(0, 1)}`;
const variable = (site: Site): string => `var${site.random.chance(0.85) ? 0 : 1}`;

/** Context variables, and whatever takes a context to run in. */
export const contextOperations: readonly Operation[] = [
  {
    name: "set variable",
    family: "context",
    weight: 2,
    form: "call",
    make: (site) => ({ given: { slot: variable(site), value: number(site) } }),
    python: (g) => `assign("${g.slot}", ${g.value})`,
    typescript: (g) => `assign("${g.slot}", ${g.value})`,
  },
  {
    name: "get variable",
    family: "context",
    weight: 2,
    form: "call",
    make: (site) => ({ given: { slot: variable(site) } }),
    python: (g) => `s.${g.slot}.get()`,
    typescript: (g) => `s.${g.slot}.get()`,
  },
  {
    name: "set variable for a while",
    family: "context",
    weight: 1,
    form: "call",
    make: (site) => ({ given: { number: site.random.chance(0.85) ? 0 : 1, value: number(site) } }),
    python: (g) => `put("token${g.number}", s.var${g.number}.set(${g.value}))`,
    typescript: (g) => `put("token${g.number}", s.var${g.number}.set(${g.value}))`,
  },
  {
    name: "reset variable",
    family: "context",
    weight: 1,
    form: "call",
    make: (site) => ({ given: { slot: variable(site), token: `token${site.random.chance(0.9) ? 0 : 1}` } }),
    python: (g) => `s.${g.slot}.reset(s.${g.token})`,
    typescript: (g) => `s.${g.slot}.reset(s.${g.token})`,
  },
  {
    name: "new context",
    family: "context",
    weight: 1,
    form: "call",
    make: (site) => ({ given: { slot: context(site) } }),
    python: (g) => `put("${g.slot}", contextvars.copy_context())`,
    typescript: (g) => `put("${g.slot}", copyContext())`,
  },
  {
    name: "variable in context",
    family: "context",
    weight: 0.7,
    form: "call",
    make: (site) => ({ given: { slot: context(site), variable: variable(site) } }),
    python: (g) => `[s.${g.slot}.get(s.${g.variable}), s.${g.variable} in s.${g.slot}]`,
    typescript: (g) => `[s.${g.slot}.get(s.${g.variable}), s.${g.slot}.has(s.${g.variable})]`,
  },
  {
    name: "variable of task",
    family: "context",
    weight: 0.7,
    form: "call",
    make: (site) => ({ given: { slot: anyTaskSlot(site), variable: variable(site) } }),
    python: (g) => `s.${g.slot}.get_context().get(s.${g.variable})`,
    typescript: (g) => `s.${g.slot}.getContext().get(s.${g.variable})`,
  },
  {
    name: "run in context",
    family: "context",
    weight: 1,
    form: "call",
    make: withCallback((site, callback) => ({ slot: context(site), callback })),
    python: (g) => `s.${g.slot}.run(${g.callback})`,
    typescript: (g) => `s.${g.slot}.run(() => ${g.callback}())`,
  },
  {
    name: "create task in context",
    family: "context",
    weight: 1.5,
    form: "call",
    make: withCoroutine((site, place) => ({ place, slot: context(site) })),
    python: (g) =>
      `put("task${g.place}", asyncio.create_task(c${g.place}(), name=name("c${g.place}"), context=s.${g.slot}))`,
    typescript: (g) =>
      `put("task${g.place}", createTask(c${g.place}(), { name: name("c${g.place}"), context: s.${g.slot} }))`,
  },
  {
    name: "create eager task in context",
    family: "eagerContext",
    weight: 1,
    form: "call",
    // A new one: if it is entered already, CPython takes the task that could not start for the current one from then on.
    make: withCoroutine((site, place) => ({ place, slot: context(site) })),
    python: (g) =>
      `put("task${g.place}", asyncio.create_task(c${g.place}(), name=name("c${g.place}"), context=put("${g.slot}", contextvars.copy_context()), eager_start=True))`,
    typescript: (g) =>
      `put("task${g.place}", createTask(c${g.place}(), { name: name("c${g.place}"), context: put("${g.slot}", copyContext()), eagerStart: true }))`,
  },
  {
    name: "add callback in context",
    family: "context",
    weight: 1,
    form: "call",
    make: withCallback((site, callback) => ({ slot: anySlot(site), callback, context: context(site) })),
    python: (g) => `s.${g.slot}.add_done_callback(${g.callback}, context=s.${g.context})`,
    typescript: (g) => `s.${g.slot}.addDoneCallback(${g.callback}, { context: s.${g.context} })`,
  },
  {
    name: "call soon in context",
    family: "context",
    weight: 1,
    form: "call",
    make: withCallback((site, callback) => ({
      slot: `handle${site.random.between(0, 1)}`,
      callback,
      context: context(site),
    })),
    python: (g) => `put("${g.slot}", loop.call_soon(${g.callback}, context=s.${g.context}))`,
    typescript: (g) => `put("${g.slot}", loop.callSoon(() => ${g.callback}(), { context: s.${g.context} }))`,
  },
  {
    name: "call later in context",
    family: "context",
    weight: 1,
    form: "call",
    make: withCallback((site, callback) => ({
      slot: `timer${site.random.between(0, 2)}`,
      callback,
      delay: delay(site),
      context: context(site),
    })),
    python: (g) => `put("${g.slot}", loop.call_later(${g.delay}, ${g.callback}, context=s.${g.context}))`,
    typescript: (g) =>
      `put("${g.slot}", loop.callLater(${g.delay}, () => ${g.callback}(), { context: s.${g.context} }))`,
  },
];
