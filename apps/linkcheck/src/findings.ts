import type { FoundLink } from "./document/document.ts";

/**
 * What became of a link:
 *
 * - `ok`: it leads somewhere;
 * - `moved`: it leads somewhere else for good, and had better be changed;
 * - `restricted`: there is something, for those who may see it;
 * - `broken`: it leads nowhere;
 * - `listed`: it leads to the web, which was not asked;
 * - `skipped`: it is none of ours (`mailto:` and the like, or excluded);
 * - `unchecked`: the time was over before its turn came.
 */
export type State = "ok" | "moved" | "restricted" | "broken" | "listed" | "skipped" | "unchecked";

export interface Verdict {
  readonly state: State;
  /** Why, when there is something to say. */
  readonly detail?: string;
}

/** A link, where it stands, and what became of it. */
export interface Finding extends FoundLink {
  /** The file or address of the document it stands in. */
  readonly source: string;
  verdict: Verdict;
}

/** All that is known so far. It outlives the run that fills it, so that a run that is stopped has something to show. */
export class Findings {
  readonly links: Finding[] = [];
  /** The documents that were read. */
  readonly documents: string[] = [];
  /** Inputs and documents that could not be read. */
  readonly failures: { readonly source: string; readonly detail: string }[] = [];
  /** How many links have a verdict. */
  decided = 0;

  add(source: string, link: FoundLink): Finding {
    const finding: Finding = { source, ...link, verdict: { state: "unchecked" } };
    this.links.push(finding);
    return finding;
  }

  decide(finding: Finding, verdict: Verdict): void {
    finding.verdict = verdict;
    this.decided++;
  }

  count(state: State): number {
    return this.links.filter((link) => link.verdict.state === state).length;
  }

  /** Whether a link is broken or a document could not be read. */
  get anythingBroken(): boolean {
    return this.failures.length > 0 || this.links.some((link) => link.verdict.state === "broken");
  }
}
