import { Oracle } from "../oracle/oracle.ts";
import { cases, prelude } from "./cases.ts";
import { read, type Snapshot, sorted, write } from "./shape.ts";

/** What a program saw, in the form in which CPython's and ours are compared: the lines of a graph, by label. */
export type Seen = Readonly<Record<string, readonly string[]>>;

/** What each case saw on CPython, by its name. */
export async function lookOnPython(): Promise<Readonly<Record<string, Seen>>> {
  const oracle = await Oracle.start(["virtual_loop", "settled", "graphs"]);
  try {
    const sources = cases.map(({ python }) => prelude + python);
    const answer = await oracle.ask("graphs", "graphs", JSON.stringify(sources), 120_000);
    const snapshots = JSON.parse(answer as string) as Snapshot[][];
    return Object.fromEntries(cases.map(({ name }, index) => [name, seen(snapshots[index]!)]));
  } finally {
    await oracle.stop();
  }
}

/**
 * Of each snapshot the text, without what differs from run to run.
 *
 * @throws Error when the text is not that of the graph.
 */
export function seen(snapshots: readonly Snapshot[]): Seen {
  return Object.fromEntries(
    snapshots.map(({ label, graph, text }) => {
      const [captured, shown] = [graph, read(text)].map((one) => (one === null ? [] : write(sorted(one))));
      if (captured!.join("\n") !== shown!.join("\n")) {
        throw new Error(`${label}: the text shows ${shown!.join("\n")} and the graph is ${captured!.join("\n")}`);
      }
      return [label, shown!];
    }),
  );
}
