/** A piece of TypeScript that the documentation shows. */
export interface Example {
  /** The file it stands in, relative to the root of the repository. */
  readonly file: string;
  /** The line of that file on which the code begins. */
  readonly line: number;
  readonly code: string;
  /** A block marked `no-run` is type checked only: it would need a network, or would never end. */
  readonly runs: boolean;
  /** A README shows whole programs; elsewhere imports and the surrounding coroutine may be left out. */
  readonly isWhole: boolean;
}

/** The examples of a Markdown file: its fenced blocks marked `ts`. */
export function examplesInMarkdown(file: string, text: string): Example[] {
  return fencedBlocks(text.split("\n")).map((block) => ({ file, isWhole: /(^|\/)README\.md$/.test(file), ...block }));
}

/** The examples of a TypeScript file: the blocks marked `ts` below each `@example` of its doc comments. */
export function examplesInDocstrings(file: string, text: string): Example[] {
  const found: Example[] = [];
  for (const comment of text.matchAll(/^[ \t]*\/\*\*[\s\S]*?\*\//gm)) {
    const firstLine = text.slice(0, comment.index).split("\n").length;
    const lines = comment[0]
      .split("\n")
      .map((line) => line.replace(/^\s*(\/\*\*|\*\/|\*)? ?/, "").replace(/\s*\*\/$/, ""));
    for (let at = 0; at < lines.length; at++) {
      if (!lines[at]!.startsWith("@example")) continue;
      const end = lines.findIndex((line, index) => index > at && /^@\w/.test(line));
      const section = lines.slice(at, end === -1 ? undefined : end);
      const blocks = fencedBlocks(section);
      if (blocks.length === 0) throw new Error(`${file}:${firstLine + at}: @example needs a fenced block marked ts`);
      for (const block of blocks) found.push({ file, isWhole: false, ...block, line: firstLine + at + block.line - 1 });
    }
  }
  return found;
}

function fencedBlocks(lines: readonly string[]): { line: number; code: string; runs: boolean }[] {
  const blocks: { line: number; code: string; runs: boolean }[] = [];
  let open: { fence: string; info: string; indent: string; start: number } | undefined;
  for (const [index, line] of lines.entries()) {
    if (open === undefined) {
      const fence = /^(\s*)(`{3,}|~{3,})\s*(.*)$/.exec(line);
      if (fence !== null) open = { indent: fence[1]!, fence: fence[2]!, info: fence[3]!.trim(), start: index + 1 };
    } else if (line.trim().startsWith(open.fence)) {
      const [language, ...words] = open.info.split(/\s+/);
      if (language === "ts" || language === "typescript") {
        const { indent } = open;
        const code = lines
          .slice(open.start, index)
          .map((text) => (text.startsWith(indent) ? text.slice(indent.length) : text));
        blocks.push({ line: open.start + 1, code: code.join("\n"), runs: !words.includes("no-run") });
      }
      open = undefined;
    }
  }
  return blocks;
}
