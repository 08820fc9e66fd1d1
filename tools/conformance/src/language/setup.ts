/** A class with the same name and argument in both languages. */
const plain = (name: string, argument: (n: number) => string = () => "") => ({
  python: (n: number) => `asyncio.${name}(${argument(n)})`,
  typescript: (n: number) => `new ${name}(${argument(n)})`,
});

/** How the objects a program uses come into being: each kind in Python and in TypeScript, by its number. */
const makers: Record<string, { python(n: number): string; typescript(n: number): string }> = {
  future: { python: () => "asyncio.Future()", typescript: () => "new Future()" },
  task: {
    python: (n) => `asyncio.create_task(idle(), name="idle${n}")`,
    typescript: (n) => `createTask(idle(), { name: "idle${n}" })`,
  },
  outer: { python: () => "asyncio.Future()", typescript: () => "new Future()" },
  handle: { python: () => "loop.call_soon(nothing)", typescript: () => "loop.callSoon(nothing)" },
  timer: { python: () => "loop.call_later(0, nothing)", typescript: () => "loop.callLater(0, nothing)" },
  lock: plain("Lock"),
  event: plain("Event"),
  // The second shares a lock that is also used by itself.
  condition: plain("Condition", (n) => (n === 0 ? "" : "s.lock0")),
  semaphore: plain("Semaphore", (n) => String([1, 2, 0][n])),
  bounded: plain("BoundedSemaphore", () => "1"),
  barrier: plain("Barrier", (n) => String(n + 2)),
  queue: plain("Queue", (n) => String([0, 1, 2][n])),
  priority: plain("PriorityQueue", (n) => String([0, 2][n])),
  lifo: plain("LifoQueue", (n) => String([0, 2][n])),
  context: { python: () => "contextvars.copy_context()", typescript: () => "copyContext()" },
  token: { python: (n) => `s.var${n}.set(0)`, typescript: (n) => `s.var${n}.set(0)` },
  var: {
    python: (n) => `contextvars.ContextVar("var${n}", default=0)`,
    typescript: (n) => `new ContextVar("var${n}", { default: 0 })`,
  },
};

/** The objects a printed program names, in a fixed order: what `setup` has to make. */
function slotsIn(source: string): [slot: string, kind: string, n: number][] {
  const found = new Set<string>();
  for (const match of source.matchAll(/\b(?:s\.|put\("|assign\(")([a-z]+\d+)\b/g)) found.add(match[1] as string);
  if (found.has("condition1")) found.add("lock0");
  for (const slot of [...found]) if (slot.startsWith("token")) found.add(slot.replace("token", "var"));
  // Others are made of these.
  const early = (slot: string) => (/^(lock|var)/.test(slot) ? 0 : 1);
  return [...found]
    .sort((a, b) => early(a) - early(b) || (a < b ? -1 : 1))
    .map((slot): [string, string, number] => {
      const [, kind, n] = /^([a-z]+)(\d+)$/.exec(slot) as unknown as [string, string, string];
      return [slot, kind, Number(n)];
    })
    .filter(([slot, kind]) => kind in makers && slot !== "task0");
}

/** The statements that make what `source` uses, in one of the languages. */
export function setupLines(source: string, language: "python" | "typescript"): string[] {
  const end = language === "python" ? "" : ";";
  return slotsIn(source).map(([slot, kind, n]) => `put("${slot}", ${makers[kind]?.[language](n)})${end}`);
}
