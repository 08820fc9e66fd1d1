import type { Operation, Site } from "./operation.ts";
import type { Given } from "./program.ts";

/** Picks one of the program's objects of a kind: its favourite most of the time, so that they get in each other's way. */
const among =
  (...slots: readonly string[]) =>
  (site: Site): string =>
    site.random.chance(0.75) ? (slots[site.favourite % slots.length] as string) : site.random.pick(slots);

interface Method {
  readonly family: string;
  readonly slot: (site: Site) => string;
  readonly kind: string;
  readonly python: string;
  readonly typescript?: string;
  readonly form?: "await" | "call";
  readonly weight: number;
  /** What it is called with. */
  readonly argument?: (site: Site) => Pick<Given, string>[string];
  /** A property rather than a method. */
  readonly property?: boolean;
}

const camel = (name: string): string => name.replace(/_(.)/g, (_, letter: string) => letter.toUpperCase());
const literal = (value: unknown, language: "python" | "typescript"): string =>
  typeof value === "boolean" && language === "python" ? (value ? "True" : "False") : String(value);

function method({
  family,
  slot,
  kind,
  python,
  typescript = camel(python),
  form = "call",
  weight,
  argument,
  property,
}: Method): Operation {
  const call = (name: string, language: "python" | "typescript") => (g: Given) =>
    property === true
      ? `s.${g.slot}.${name}`
      : `s.${g.slot}.${name}(${g.argument === undefined ? "" : literal(g.argument, language)})`;
  return {
    name: `${kind} ${python}`,
    family,
    weight,
    form,
    make: (site) => ({
      given: argument === undefined ? { slot: slot(site) } : { slot: slot(site), argument: argument(site) },
    }),
    python: call(python, "python"),
    typescript: call(typescript, "typescript"),
  };
}

/** The same, with a limit on how long it may take. */
function within(operation: Operation): Operation[] {
  if (operation.form !== "await") return [operation];
  const limited: Operation = {
    ...operation,
    name: `${operation.name} within`,
    weight: operation.weight / 3,
    make: (site) => {
      const made = operation.make(site);
      return made && { ...made, given: { ...made.given, limit: site.random.pick([0, 1, 1, 2]) } };
    },
    python: (g: Given) => `asyncio.wait_for(${operation.python(g)}, ${g.limit})`,
    typescript: (g: Given) => `waitFor(${operation.typescript(g)}, ${g.limit})`,
  };
  return [operation, limited];
}

/** The same operation, where what it is for is held; elsewhere, where it fails, only now and then. */
function mostlyHeld(operation: Operation): Operation {
  return {
    ...operation,
    make: (site) => {
      const made = operation.make(site);
      const slot = made?.given?.slot as string;
      return site.held.includes(slot) || site.random.chance(0.07) ? made : undefined;
    },
  };
}

/** `async with lock:` and `yield* lock.hold(…)`. */
function hold(kind: string, family: string, slot: (site: Site) => string, weight: number): Operation {
  return {
    name: `${kind} hold`,
    family,
    weight,
    form: "block",
    make: (site) => {
      if (!site.awaits) return undefined;
      const held = slot(site);
      return { given: { slot: held }, blocks: [site.block(1, 3, { mayReturn: false, held: [...site.held, held] })] };
    },
    python: ({ id, given, blocks: [body = []] }, writer) => {
      writer.line(`async with s.${given.slot}:`);
      writer.indent(() => writer.line(`log("${id} holds ${given.slot}")`));
      if (body.length > 0) writer.block(body);
    },
    typescript: ({ id, given, blocks: [body = []] }, writer) => {
      writer.line(`yield* s.${given.slot}.hold(function* () {`);
      writer.indent(() => writer.line(`log("${id} holds ${given.slot}");`));
      writer.block(body);
      writer.line("});");
    },
  };
}

const lock = among("lock0", "lock1");
const event = among("event0", "event1");
const condition = among("condition0", "condition0", "condition1");
const semaphore = among("semaphore0", "semaphore1", "semaphore2", "bounded0");
const barrier = among("barrier0", "barrier1");
const queue = among("queue0", "queue1", "queue2", "queue1", "priority0", "priority1", "lifo0", "lifo1");

const small = (site: Site): number => site.random.between(1, 3);
const digit = (site: Site): number => site.random.between(0, 9);

const operations: readonly Operation[] = [
  hold("lock", "lock", lock, 6),
  method({ family: "lock", kind: "lock", slot: lock, python: "acquire", form: "await", weight: 1.5 }),
  method({ family: "lock", kind: "lock", slot: lock, python: "release", weight: 2.5 }),
  method({ family: "lock", kind: "lock", slot: lock, python: "locked", weight: 1 }),

  method({ family: "event", kind: "event", slot: event, python: "wait", form: "await", weight: 5 }),
  method({ family: "event", kind: "event", slot: event, python: "set", weight: 3 }),
  method({ family: "event", kind: "event", slot: event, python: "clear", weight: 2 }),
  method({ family: "event", kind: "event", slot: event, python: "is_set", weight: 1 }),

  hold("condition", "condition", condition, 6),
  method({ family: "condition", kind: "condition", slot: condition, python: "acquire", form: "await", weight: 0.7 }),
  mostlyHeld(
    method({ family: "condition", kind: "condition", slot: condition, python: "wait", form: "await", weight: 14 }),
  ),
  {
    name: "condition hold and wait",
    family: "condition",
    weight: 6,
    form: "block",
    make: (site) => {
      if (!site.awaits) return undefined;
      const slot = condition(site);
      return {
        given: { slot, predicate: site.random.chance(0.4) ? event(site) : null },
        blocks: [site.block(0, 2, { mayReturn: false, held: [...site.held, slot] })],
      };
    },
    python: ({ id, given, blocks: [body = []] }, writer) => {
      writer.line(`async with s.${given.slot}:`);
      const wait = given.predicate === null ? "wait()" : `wait_for(lambda: s.${given.predicate}.is_set())`;
      writer.indent(() => writer.line(`log("${id}", await s.${given.slot}.${wait})`));
      if (body.length > 0) writer.block(body);
    },
    typescript: ({ id, given, blocks: [body = []] }, writer) => {
      writer.line(`yield* s.${given.slot}.hold(function* () {`);
      const wait = given.predicate === null ? "wait()" : `waitFor(() => s.${given.predicate}.isSet())`;
      writer.indent(() => writer.line(`log("${id}", yield* s.${given.slot}.${wait});`));
      writer.block(body);
      writer.line("});");
    },
  },
  {
    name: "condition hold and notify",
    family: "condition",
    weight: 6,
    form: "block",
    make: (site) => {
      if (!site.awaits) return undefined;
      const slot = condition(site);
      return {
        given: { slot, count: site.random.chance(0.3) ? null : site.random.between(1, 2) },
        blocks: [site.block(0, 1, { mayReturn: false, held: [...site.held, slot] })],
      };
    },
    python: ({ given, blocks: [body = []] }, writer) => {
      writer.line(`async with s.${given.slot}:`);
      writer.indent(() =>
        writer.line(`s.${given.slot}.${given.count === null ? "notify_all()" : `notify(${given.count})`}`),
      );
      if (body.length > 0) writer.block(body);
    },
    typescript: ({ given, blocks: [body = []] }, writer) => {
      writer.line(`yield* s.${given.slot}.hold(function* () {`);
      writer.indent(() =>
        writer.line(`s.${given.slot}.${given.count === null ? "notifyAll()" : `notify(${given.count})`};`),
      );
      writer.block(body);
      writer.line("});");
    },
  },
  mostlyHeld(
    method({ family: "condition", kind: "condition", slot: condition, python: "notify", weight: 7, argument: small }),
  ),
  mostlyHeld(method({ family: "condition", kind: "condition", slot: condition, python: "notify_all", weight: 4 })),
  mostlyHeld(method({ family: "condition", kind: "condition", slot: condition, python: "release", weight: 2 })),
  method({ family: "condition", kind: "condition", slot: condition, python: "locked", weight: 1 }),

  hold("semaphore", "semaphore", semaphore, 6),
  method({ family: "semaphore", kind: "semaphore", slot: semaphore, python: "acquire", form: "await", weight: 1.5 }),
  method({ family: "semaphore", kind: "semaphore", slot: semaphore, python: "release", weight: 2.5 }),
  method({ family: "semaphore", kind: "semaphore", slot: semaphore, python: "locked", weight: 1.5 }),

  method({ family: "barrier", kind: "barrier", slot: barrier, python: "wait", form: "await", weight: 8 }),
  method({ family: "barrier", kind: "barrier", slot: barrier, python: "reset", form: "await", weight: 1.5 }),
  method({ family: "barrier", kind: "barrier", slot: barrier, python: "abort", form: "await", weight: 0.7 }),
  method({ family: "barrier", kind: "barrier", slot: barrier, python: "n_waiting", weight: 1, property: true }),
  method({ family: "barrier", kind: "barrier", slot: barrier, python: "broken", weight: 1, property: true }),
  method({ family: "barrier", kind: "barrier", slot: barrier, python: "parties", weight: 0.3, property: true }),

  method({ family: "queue", kind: "queue", slot: queue, python: "put", form: "await", weight: 6, argument: digit }),
  method({ family: "queue", kind: "queue", slot: queue, python: "get", form: "await", weight: 6 }),
  method({ family: "queue", kind: "queue", slot: queue, python: "put_nowait", weight: 2.5, argument: digit }),
  method({ family: "queue", kind: "queue", slot: queue, python: "get_nowait", weight: 2.5 }),
  method({ family: "queue", kind: "queue", slot: queue, python: "qsize", weight: 1 }),
  method({ family: "queue", kind: "queue", slot: queue, python: "empty", weight: 0.7 }),
  method({ family: "queue", kind: "queue", slot: queue, python: "full", weight: 0.7 }),
  method({ family: "queue", kind: "queue", slot: queue, python: "task_done", weight: 2.5 }),
  method({ family: "queue", kind: "queue", slot: queue, python: "join", form: "await", weight: 2 }),
  method({
    family: "queue",
    kind: "queue",
    slot: queue,
    python: "shutdown",
    weight: 2,
    argument: (site) => site.random.chance(0.5),
  }),
];

export const primitiveOperations: readonly Operation[] = operations.flatMap(within);
