/** What a test says of itself between the marks of its opening comment. */
export interface Metadata {
  /** Files of the harness it needs besides those that all tests need. */
  readonly includes: readonly string[];
  readonly flags: ReadonlySet<string>;
  /** The name of the error it must end with, or null when it must end without one. */
  readonly negative: string | null;
}

/** Reads as much of YAML as tests use for these three: lists on one line or one item a line, and one nested key. */
export function metadataOf(source: string): Metadata {
  const text = /\/\*---\r?\n([\s\S]*?)\r?\n---\*\//.exec(source)?.[1] ?? "";
  return {
    includes: list(text, "includes"),
    flags: new Set(list(text, "flags")),
    negative: /^negative:(?:\r?\n[ \t]+.*)*?\r?\n[ \t]+type:[ \t]*(\S+)/m.exec(text)?.[1] ?? null,
  };
}

function list(text: string, key: string): string[] {
  const inline = new RegExp(`^${key}:[ \\t]*\\[([^\\]]*)\\]`, "m").exec(text);
  if (inline !== null) {
    return inline[1]!
      .split(",")
      .map((item) => item.trim())
      .filter((item) => item !== "");
  }
  const block = new RegExp(`^${key}:[ \\t]*((?:\\r?\\n[ \\t]+-.*)+)`, "m").exec(text);
  return block === null ? [] : [...block[1]!.matchAll(/-[ \t]*(\S+)/g)].map(([, item]) => item!);
}
