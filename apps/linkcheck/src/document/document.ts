/** A link as it stands in a document. */
export interface FoundLink {
  readonly target: string;
  readonly line: number;
  readonly column: number;
}

/** What matters of a document: where it leads, and where it can be led to. */
export interface Document {
  readonly links: readonly FoundLink[];
  /** The names after `#` that lead into it. */
  readonly anchors: ReadonlySet<string>;
}
