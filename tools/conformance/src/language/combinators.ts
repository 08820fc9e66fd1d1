import { awaitableSlot, awaitableTaskSlot, delay, futureSlot } from "./core.ts";
import { type Operation, quoted, type Site, type Writer } from "./operation.ts";
import type { Given } from "./program.ts";

/** An awaitable: an object of the program, or a coroutine called on the spot. */
function item(site: Site, { coroutines = true } = {}): string {
  if (coroutines && site.coroutines.length > 0 && site.random.chance(0.45)) {
    return `c${site.random.pick(site.coroutines)}`;
  }
  if (site.coroutines.length > 0 && site.random.chance(0.1)) return `outer${site.random.pick(site.coroutines)}`;
  return site.random.chance(0.65) ? (awaitableTaskSlot(site) ?? futureSlot(site)) : awaitableSlot(site);
}

function items(site: Site, options?: { coroutines: boolean }): string[] {
  const chosen = Array.from(
    {
      length: site.random.weighted([
        [0, 0.3],
        [1, 2],
        [2, 5],
        [3, 3],
      ]),
    },
    () => item(site, options),
  );
  if (chosen.length > 0 && site.random.chance(0.1)) {
    const again = chosen[0] as string;
    if (!again.startsWith("c")) chosen.push(again);
  }
  return chosen;
}

const printItem = (one: string): string => (one.startsWith("c") ? `${one}()` : `s.${one}`);
const printItems = (given: Given): string => (given.items as readonly string[]).map(printItem).join(", ");

/**
 * Where a future that combines `parts` is kept: with the number of the first coroutine it may wait for, so that no
 * task comes to wait for itself.
 */
function outerSlot(site: Site, parts: readonly string[]): string | undefined {
  const places = parts
    .map((part) => Number(/^(?:c|task|outer)(\d+)$/.exec(part)?.[1] ?? Number.NaN))
    .filter((n) => n >= 0);
  if (places.length > 0) return `outer${Math.min(...places)}`;
  return site.coroutines.length === 0 ? undefined : `outer${site.random.pick(site.coroutines)}`;
}

const maybeDelay = (site: Site): number | null => (site.random.chance(0.12) ? null : delay(site));
const none = (value: unknown): string => (value === null ? "None" : String(value));

/** Writes a `try` around a block that is left by an error often. */
function guardedPython(caught: string | null, id: string, writer: Writer, write: () => void): void {
  if (caught === null) {
    write();
    return;
  }
  writer.line("try:");
  writer.indent(write);
  writer.line(`except ${caught} as error:`);
  writer.indent(() => writer.line(`log("${id} caught", error)`));
}

function guardedTypeScript(unless: string | null, id: string, writer: Writer, write: () => void): void {
  if (unless === null) {
    write();
    return;
  }
  writer.line("try {");
  writer.indent(write);
  writer.line("} catch (error) {");
  writer.indent(() => {
    writer.line(`if (${unless}) throw error;`);
    writer.line(`log("${id} caught", error);`);
  });
  writer.line("}");
}

const gatherPython = (g: Given): string =>
  `asyncio.gather(${[printItems(g), ...(g.returnExceptions === true ? ["return_exceptions=True"] : [])].filter((one) => one !== "").join(", ")})`;
const gatherTypeScript = (g: Given): string =>
  `gather([${printItems(g)}]${g.returnExceptions === true ? ", { returnExceptions: true }" : ""})`;

export const combinatorOperations: readonly Operation[] = [
  {
    name: "gather",
    family: "gather",
    weight: 5,
    form: "await",
    make: (site) => ({ given: { items: items(site), returnExceptions: site.random.chance(0.4) } }),
    python: gatherPython,
    typescript: gatherTypeScript,
  },
  {
    name: "keep gather",
    family: "gather",
    weight: 3,
    form: "call",
    make: (site) => {
      const chosen = items(site);
      const slot = outerSlot(site, chosen);
      return slot === undefined
        ? undefined
        : { given: { slot, items: chosen, returnExceptions: site.random.chance(0.4) } };
    },
    python: (g) => `put("${g.slot}", ${gatherPython(g)})`,
    typescript: (g) => `put("${g.slot}", ${gatherTypeScript(g)})`,
  },
  {
    name: "keep shield",
    family: "shield",
    weight: 3,
    form: "call",
    make: (site) => {
      const chosen = item(site);
      const slot = outerSlot(site, [chosen]);
      return slot === undefined ? undefined : { given: { slot, item: chosen } };
    },
    python: (g) => `put("${g.slot}", asyncio.shield(${printItem(String(g.item))}))`,
    typescript: (g) => `put("${g.slot}", shield(${printItem(String(g.item))}))`,
  },
  {
    name: "shield",
    family: "shield",
    weight: 5,
    form: "await",
    make: (site) => ({ given: { item: item(site) } }),
    python: (g) => `asyncio.shield(${printItem(String(g.item))})`,
    typescript: (g) => `shield(${printItem(String(g.item))})`,
  },
  {
    name: "await outer",
    family: "outer",
    weight: 3,
    form: "await",
    make: (site) =>
      site.coroutines.length === 0 ? undefined : { given: { slot: `outer${site.random.pick(site.coroutines)}` } },
    python: (g) => `s.${g.slot}`,
    typescript: (g) => `s.${g.slot}`,
  },
  {
    name: "cancel outer",
    family: "outer",
    weight: 2,
    form: "call",
    make: (site) => ({
      given: {
        slot: `outer${site.random.pick(site.allCoroutines)}`,
        message: site.random.chance(0.5) ? "o" : null,
      },
    }),
    python: (g) => `s.${g.slot}.cancel(${g.message === null ? "" : quoted(g.message)})`,
    typescript: (g) => `s.${g.slot}.cancel(${g.message === null ? "" : quoted(g.message)})`,
  },
  {
    name: "wait",
    family: "wait",
    weight: 5,
    form: "await",
    make: (site) => ({
      given: {
        items: items(site, { coroutines: false }),
        timeout: site.random.chance(0.5) ? null : delay(site),
        when: site.random.pick(["FIRST_COMPLETED", "FIRST_EXCEPTION", "ALL_COMPLETED"]),
      },
    }),
    python: (g) => `asyncio.wait([${printItems(g)}], timeout=${none(g.timeout)}, return_when=asyncio.${g.when})`,
    typescript: (g) => `wait([${printItems(g)}], { timeoutMs: ${g.timeout}, returnWhen: "${g.when}" })`,
  },
  {
    name: "wait for",
    family: "waitFor",
    weight: 5,
    form: "await",
    make: (site) => ({ given: { item: item(site), timeout: maybeDelay(site) } }),
    python: (g) => `asyncio.wait_for(${printItem(String(g.item))}, ${none(g.timeout)})`,
    typescript: (g) => `waitFor(${printItem(String(g.item))}, ${g.timeout})`,
  },
  {
    name: "as completed",
    family: "asCompleted",
    weight: 5,
    form: "block",
    make: (site) =>
      site.awaits
        ? {
            given: {
              items: items(site),
              timeout: site.random.chance(0.5) ? null : delay(site),
              guarded: site.random.chance(0.7),
            },
          }
        : undefined,
    python: ({ id, given }, writer) => {
      writer.line(`for one in asyncio.as_completed([${printItems(given)}], timeout=${none(given.timeout)}):`);
      writer.indent(() =>
        guardedPython(given.guarded === true ? "Exception" : null, id, writer, () =>
          writer.line(`log("${id}", await one)`),
        ),
      );
    },
    typescript: ({ id, given }, writer) => {
      writer.line(`for (const one of asCompleted([${printItems(given)}], { timeoutMs: ${given.timeout} })) {`);
      writer.indent(() =>
        guardedTypeScript(given.guarded === true ? "error instanceof CancelledError" : null, id, writer, () =>
          writer.line(`log("${id}", yield* one);`),
        ),
      );
      writer.line("}");
    },
  },
  {
    name: "as completed futures",
    family: "asCompleted",
    weight: 4,
    form: "block",
    make: (site) =>
      site.awaits
        ? {
            given: {
              items: items(site),
              timeout: site.random.chance(0.5) ? null : delay(site),
              guarded: site.random.chance(0.7),
            },
          }
        : undefined,
    python: ({ id, given }, writer) =>
      guardedPython(given.guarded === true ? "Exception" : null, id, writer, () => {
        writer.line(`async for one in asyncio.as_completed([${printItems(given)}], timeout=${none(given.timeout)}):`);
        writer.indent(() => writer.line(`log("${id}", one, one.done(), await one)`));
      }),
    typescript: ({ id, given }, writer) =>
      guardedTypeScript(given.guarded === true ? "error instanceof CancelledError" : null, id, writer, () => {
        writer.line(
          `for (const next of asCompleted([${printItems(given)}], { timeoutMs: ${given.timeout} }).futures()) {`,
        );
        writer.indent(() => {
          writer.line("const one = yield* next;");
          writer.line(`log("${id}", one, one.done(), yield* one);`);
        });
        writer.line("}");
      }),
  },
  ...(["timeout", "timeout at"] as const).map(
    (name): Operation => ({
      name,
      family: "timeout",
      weight: name === "timeout" ? 5 : 2,
      form: "block",
      make: (site) => {
        if (!site.awaits) return undefined;
        const slot = site.fresh("scope");
        return {
          given: { slot, time: maybeDelay(site), guarded: site.random.chance(0.65) },
          blocks: [site.block(1, 4, { mayReturn: false })],
        };
      },
      python: ({ id, given, blocks: [body = []] }, writer) =>
        guardedPython(given.guarded === true ? "TimeoutError" : null, id, writer, () => {
          writer.line(`async with asyncio.${name.replace(" ", "_")}(${none(given.time)}) as scope:`);
          writer.indent(() => writer.line(`put("${given.slot}", scope)`));
          if (body.length > 0) writer.block(body);
        }),
      typescript: ({ id, given, blocks: [body = []] }, writer) =>
        guardedTypeScript(given.guarded === true ? "!(error instanceof TimeoutError)" : null, id, writer, () => {
          writer.line(`yield* ${name === "timeout" ? name : "timeoutAt"}(${given.time}, function* (scope) {`);
          writer.indent(() => writer.line(`put("${given.slot}", scope);`));
          writer.block(body);
          writer.line("});");
        }),
    }),
  ),
  {
    name: "reschedule",
    family: "timeout",
    weight: 3,
    form: "call",
    make: (site) => {
      const made = site.made("scope");
      return made.length === 0
        ? undefined
        : { given: { slot: site.random.pick(made), time: site.random.chance(0.2) ? null : delay(site) } };
    },
    python: (g) => `s.${g.slot}.reschedule(${g.time === null ? "None" : `loop.time() + ${g.time}`})`,
    typescript: (g) => `s.${g.slot}.reschedule(${g.time === null ? "null" : `loop.time() + ${g.time}`})`,
  },
  ...(["expired", "when"] as const).map(
    (method): Operation => ({
      name: `scope ${method}`,
      family: "timeout",
      weight: 1.5,
      form: "call",
      make: (site) => {
        const made = site.made("scope");
        return made.length === 0 ? undefined : { given: { slot: site.random.pick(made) } };
      },
      python: (g) => `s.${g.slot}.${method}()`,
      typescript: (g) => `s.${g.slot}.${method}()`,
    }),
  ),
  {
    name: "task group",
    family: "group",
    weight: 6,
    form: "block",
    make: (site) => {
      if (!site.awaits || site.coroutines.length === 0) return undefined;
      const slot = site.fresh("group");
      const start = () =>
        site.statement("group task", {
          slot,
          place: site.random.pick(site.coroutines),
          eager: site.random.chance(0.15),
        });
      const starts = Array.from({ length: site.random.between(1, 3) }, start);
      return {
        given: { slot, guarded: site.random.chance(0.65) },
        blocks: [[...starts, ...site.block(0, 3, { mayReturn: false })]],
      };
    },
    python: ({ id, given, blocks: [body = []] }, writer) =>
      guardedPython(given.guarded === true ? "Exception" : null, id, writer, () => {
        writer.line("async with asyncio.TaskGroup() as group:");
        writer.indent(() => writer.line(`put("${given.slot}", group)`));
        if (body.length > 0) writer.block(body);
      }),
    typescript: ({ id, given, blocks: [body = []] }, writer) =>
      guardedTypeScript(given.guarded === true ? "error instanceof CancelledError" : null, id, writer, () => {
        writer.line("yield* taskGroup(function* (group) {");
        writer.indent(() => writer.line(`put("${given.slot}", group);`));
        writer.block(body);
        writer.line("});");
      }),
  },
  {
    name: "group task",
    family: "group",
    weight: 3,
    form: "call",
    make: (site) => {
      const made = site.made("group");
      if (site.coroutines.length === 0) return undefined;
      // A group of another function, now and then: whoever has it may add to it.
      const slot =
        made.length > 0 && site.random.chance(0.8) ? site.random.pick(made) : `group${site.random.between(0, 4) * 10}`;
      return { given: { slot, place: site.random.pick(site.coroutines), eager: site.random.chance(0.2) } };
    },
    python: (g) =>
      `put("task${g.place}", s.${g.slot}.create_task(c${g.place}(), name=name("c${g.place}")${g.eager === true ? ", eager_start=True" : ""}))`,
    typescript: (g) =>
      `put("task${g.place}", s.${g.slot}.createTask(c${g.place}(), { name: name("c${g.place}")${g.eager === true ? ", eagerStart: true" : ""} }))`,
  },
];
