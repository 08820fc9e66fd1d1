import { type CaseName, caseNamed, cases } from "./cases.ts";
import type { Load } from "./load.ts";
import type { Result } from "./measure.ts";
import type { Share } from "./profile.ts";
import { geometricMean } from "./statistics.ts";

/** Everything one invocation measured. */
export interface Report {
  readonly node: string;
  readonly platform: string;
  /** The versions of what took part. */
  readonly versions: Readonly<Record<string, string>>;
  readonly rounds: number;
  readonly results: readonly Result[];
  readonly loads: readonly Load[];
  readonly failures: readonly string[];
  /** Of cases whose bar is not reached: where our time goes. */
  readonly profiles?: Readonly<Record<string, readonly Share[]>>;
}

export const ours = "tsyncio";
export const baseline = "native";

const find = (report: Report, name: CaseName, contender: string): Result | undefined =>
  report.results.find((result) => result.case === name && result.contender === contender);

/** How many times `contender`'s cost ours is, or another's; undefined where one did not take part. */
export function against(report: Report, name: CaseName, contender: string, whose = ours): number | undefined {
  const mine = find(report, name, whose);
  const theirs = find(report, name, contender);
  return mine && theirs ? mine.cost.median / theirs.cost.median : undefined;
}

export function contendersOf(report: Report): string[] {
  return [...new Set(report.results.map((result) => result.contender))];
}

const number = (value: number): string =>
  value >= 1000
    ? Math.round(value).toLocaleString("en-US")
    : value >= 100
      ? value.toFixed(0)
      : value >= 10
        ? value.toFixed(1)
        : value.toFixed(2);

const table = (header: readonly string[], rows: readonly (readonly string[])[]): string =>
  [header, header.map((_, column) => (column === 0 ? "---" : "---:")), ...rows]
    .map((row) => `| ${row.join(" | ")} |`)
    .join("\n");

/** Cost for one operation, every case and contender; in parentheses how many times the native cost that is, and its spread. */
export function costTable(report: Report): string {
  const contenders = contendersOf(report);
  const measured = cases.filter((task) => report.results.some((result) => result.case === task.name));
  const rows = measured.map((task) => [
    `\`${task.name}\` ${task.title}${task.kind === "memory" ? " (bytes)" : ""}`,
    ...contenders.map((contender) => {
      const result = find(report, task.name, contender);
      if (result === undefined) return "";
      if (result.ratio === null || contender === baseline) return number(result.cost.median);
      const { median, low, high } = result.ratio;
      return `${number(result.cost.median)} (${number(median)} ×, ${number(low)}–${number(high)})`;
    }),
  ]);
  return table(["case (nanoseconds of processor time for one operation)", ...contenders], rows);
}

export interface Bar {
  readonly what: string;
  /** The case, where it is about one. */
  readonly case?: CaseName;
  readonly bar: number;
  readonly measured: number | undefined;
  /** "at most" the bar, or "at least". */
  readonly sense: "≤" | "≥";
  readonly unit: string;
  /** What the smallest program that does the work reaches; of a comparison of libraries, what native reaches. */
  readonly floor?: number | undefined;
}

export const floor = "floor";

const ratioCases: readonly CaseName[] = ["switch", "fan-out", "ping-pong-future", "deep-10", "deep-100", "deep-1000"];

/** Cases that stand for themselves in the mean: the sizes of one case and its depths count once. */
const meanCases = cases
  .map((task) => task.name)
  .filter((name) => !/^(tasks-|deep-(1|10|100)$|parked|sleeping|call-raw)/.test(name));

/** The mean of our cost, or of another's, against one contender's over all the cases both do. */
export function meanAgainst(report: Report, contender: string, whose = ours): number | undefined {
  const ratios = meanCases.flatMap((name) => against(report, name, contender, whose) ?? []);
  return ratios.length === 0 ? undefined : geometricMean(ratios);
}

const inverse = (value: number | undefined) => (value === undefined ? undefined : 1 / value);

/** What the project demands of itself, and what it reaches. */
export function bars(report: Report): Bar[] {
  const native = (name: CaseName, bar: number): Bar => ({
    what: `\`${name}\` against native`,
    case: name,
    bar,
    measured: find(report, name, ours)?.ratio?.median,
    sense: "≤",
    unit: "×",
    floor: find(report, name, floor)?.ratio?.median,
  });
  const depths = [find(report, "deep-1000", ours), find(report, "deep-1", ours)];
  const faster = (contender: string, bar: number): Bar => ({
    what: `faster than ${contender}, geometric mean`,
    bar,
    measured: inverse(meanAgainst(report, contender)),
    sense: "≥",
    unit: "×",
    floor: inverse(meanAgainst(report, contender, baseline)),
  });
  const versus = (name: CaseName, contender: string, bar: number): Bar => ({
    what: `\`${name}\` against ${contender}`,
    case: name,
    bar,
    measured: against(report, name, contender),
    sense: "≤",
    unit: "×",
    floor: against(report, name, contender, floor),
  });
  return [
    ...ratioCases.map((name) => native(name, 1)),
    {
      what: "`deep-1000` against `deep-1`",
      bar: 1.3,
      measured: depths[0] && depths[1] && depths[0].cost.median / depths[1].cost.median,
      sense: "≤",
      unit: "×",
    },
    native("call-raw", 1),
    native("call", 1.5),
    native("spawn-join-lazy", 2),
    native("spawn-join-eager", 1),
    {
      what: "native, geometric mean",
      bar: 1,
      measured: meanAgainst(report, baseline),
      sense: "≤",
      unit: "×",
      floor: meanAgainst(report, baseline, floor),
    },
    faster("effect", 15),
    faster("effection", 20),
    faster("CPython asyncio", 15),
    native("timers-real-1m", 0.5),
    native("timers-cancel", 0.5),
    native("sleeping", 0.5),
    versus("lock", "async-mutex", 0.5),
    versus("lock", "p-limit", 0.5),
    versus("semaphore", "async-mutex", 0.5),
    versus("semaphore", "p-limit", 0.5),
    native("parked", 1),
    versus("doxbee-sequential", "bluebird", 1),
    versus("doxbee-parallel", "bluebird", 1),
    versus("then-chain", "bluebird", 1),
    native("doxbee-sequential", 1.3),
    native("doxbee-parallel", 1.3),
    native("then-chain", 1.3),
    {
      what: "size of everything, minified and gzipped",
      bar: 14_000,
      measured: report.loads.find((load) => load.contender === ours)?.bytes,
      sense: "≤",
      unit: "bytes",
    },
  ];
}

export function isReached({ sense, bar, measured }: Bar): boolean | undefined {
  return measured === undefined ? undefined : sense === "≤" ? measured <= bar : measured >= bar;
}

export function barTable(report: Report): string {
  const rows = bars(report).map((bar) => [
    bar.what,
    `${bar.sense} ${number(bar.bar)} ${bar.unit}`,
    bar.measured === undefined ? "not measured" : `${number(bar.measured)} ${bar.unit}`,
    bar.floor === undefined ? "" : `${number(bar.floor)} ${bar.unit}`,
    { true: "yes", false: "**no**", undefined: "" }[String(isReached(bar)) as "true"],
  ]);
  return table(["what", "bar", "measured", "floor", "reached"], rows);
}

/** The cases whose bars are not reached, as far as what they cost is time. */
export function casesNotReached(report: Report): CaseName[] {
  const names = bars(report).flatMap((bar) => (bar.case !== undefined && isReached(bar) === false ? [bar.case] : []));
  return [...new Set(names)].filter((name) => caseNamed(name).kind !== "memory");
}

/** Each case's largest shares. */
export function profileTable(profiles: NonNullable<Report["profiles"]>): string {
  const rows = Object.entries(profiles).map(([name, shares]) => [
    `\`${name}\``,
    shares
      .slice(0, 8)
      .map((share) => `${(share.share * 100).toFixed(0)} % \`${share.name}\``)
      .join(", "),
  ]);
  return ["| case | shares |", "| --- | --- |", ...rows.map((row) => `| ${row.join(" | ")} |`)].join("\n");
}

export function loadTable(report: Report): string {
  const rows = report.loads.map((load) => [
    load.contender,
    `${number(load.importMs)} ms`,
    `${number(load.bytes)} bytes`,
  ]);
  return table(["library", "time to import", "everything, minified and gzipped"], rows);
}

function roundsOf({ rounds }: Report): string {
  return rounds === 1 ? "one round, so the ratios are rough" : `${rounds} rounds`;
}

/** The cases in which the other contenders are told in one line each: for the README. */
export function shortTable(report: Report): string {
  const names: readonly CaseName[] = [
    "switch",
    "call",
    "spawn-join-lazy",
    "spawn-join-eager",
    "fan-out",
    "deep-1000",
    "ping-pong-future",
    "ping-pong-queue",
    "timers-real",
    "timers-cancel",
    "timeout",
    "cancel",
    "pipeline",
  ];
  const others = [baseline, "effect", "effection", "CPython asyncio"].filter((name) =>
    contendersOf(report).includes(name),
  );
  const rows = names
    .filter((name) => find(report, name, ours) !== undefined)
    .map((name) => [
      caseNamed(name).title,
      number(find(report, name, ours)!.cost.median),
      ...others.map((other) => {
        const theirs = find(report, name, other);
        return theirs === undefined
          ? ""
          : `${number(theirs.cost.median)} (${number(theirs.cost.median / find(report, name, ours)!.cost.median)} ×)`;
      }),
    ]);
  const means = [
    "**geometric mean of all cases**",
    "",
    ...others.map((other) => `**${number(inverse(meanAgainst(report, other))!)} ×**`),
  ];
  return [
    `Nanoseconds of processor time for one operation, and how many times ours that is (above 1: we are faster); Node ${report.node}, ${roundsOf(report)}. All cases, the method and the memory: [docs/benchmarks.md](docs/benchmarks.md).`,
    "",
    table(
      ["", "tsyncio", ...others.map((other) => `${other} ${report.versions[other] ?? ""}`.trim())],
      [...rows, means],
    ),
  ].join("\n");
}

export function document(reports: readonly Report[]): string {
  const sections = reports.map((report) =>
    [
      `## Node ${report.node}`,
      `On ${report.platform}; ${Object.entries(report.versions)
        .map(([name, version]) => `${name} ${version}`)
        .join(", ")}. Measured in ${roundsOf(report)}.`,
      ...(report.failures.length === 0
        ? []
        : ["Took part and did not finish:", report.failures.map((line) => `- ${line.split("\n")[0]}`).join("\n")]),
      "### The bars",
      barTable(report),
      "### All cases",
      costTable(report),
      ...(report.loads.length === 0 ? [] : ["### To load", loadTable(report)]),
      ...(Object.keys(report.profiles ?? {}).length === 0
        ? []
        : [
            "### Where the time goes",
            "In the cases above whose bars are not reached: the share of each function's own time, by V8's sampling profiler, after the warm-up (`pnpm bench <case> --profile`).",
            profileTable(report.profiles!),
          ]),
    ].join("\n\n"),
  );
  return `${[
    "# Benchmarks",
    "This page is written by `pnpm bench --write`; the figures behind it are in [benchmarks/](benchmarks).",
    "![Cost against native async/await](benchmarks/chart.svg)",
    [
      "**Method.** The packages are built first, and measured as built. Every case and contender runs in a process of its own; the contenders take turns, round",
      "after round, so that what else the machine does falls on all alike. A process warms up with runs of the size that is measured, then runs the case until its time is spent;",
      "its result is the median. What is counted is the processor time of the process, all its threads and the system's part included, not the time on",
      "the wall: waiting costs nothing, and neither does what else the machine does. A ratio is that of two processes of the same round; the table gives the median over the rounds, and the",
      "lowest and the highest. Who is over five times as dear as the cheapest is far from every bar, and takes part in no more than two rounds. Each run's result is checked. A contender that has no such thing (a lock, a bounded queue, cancellation) is left out of that case, native",
      "is written with a hand-made queue, an `AbortController` for each task, `Promise.race` for a timeout. Memory is the heap in use after a collection, before and after,",
      "for one task; CPython's is of the process, resident. Absolute times differ from machine to machine; ratios say what is worth knowing.",
    ].join("\n"),
    [
      "**Floor** is no contender: the smallest program that does the work on generators with what nobody can leave out",
      "([floor.ts](../tools/bench/src/contenders/floor.ts)): no errors, no cancellation, no contexts, no names, no call graph, no checks. A bar below its floor",
      "cannot be reached. Where libraries are compared, the floor is what native async/await itself reaches against them.",
    ].join("\n"),
    ...sections,
  ].join("\n\n")}\n`;
}

const markers = ["<!-- benchmarks: begin -->", "<!-- benchmarks: end -->"] as const;

/** The text with what stands between the markers replaced. */
export function between(text: string, content: string): string {
  const [start, end] = markers.map((marker) => text.indexOf(marker)) as [number, number];
  if (start < 0 || end < start) throw new Error(`The text has no ${markers.join(" … ")}.`);
  return `${text.slice(0, start + markers[0].length)}\n${content}\n${text.slice(end)}`;
}
