import { readFileSync } from "node:fs";
import { basename } from "node:path";
import { fileURLToPath } from "node:url";

/** A marked piece of a source file, as the reader sees it. */
export interface Listing {
  /** The file's name and the line the piece begins at: `sleep.ts:12`. */
  readonly place: string;
  readonly lines: readonly string[];
}

const opening = /^\s*\/\/ #region (\S+)\s*$/;
const closing = /^\s*\/\/ #endregion\s*$/;
/** Remarks to the formatter are no part of what is told. */
const remark = /^\s*\/\/ biome-ignore\b/;

/**
 * Reads the region `name` out of the very file that runs: the lines between `// #region name` and `// #endregion`.
 *
 * @throws Error when the file has no such region, has it twice, or leaves it open.
 */
export function readRegion(fileUrl: string, name: string): Listing {
  const path = fileURLToPath(fileUrl);
  const all = readFileSync(path, "utf8").split("\n");
  const starts = all.flatMap((line, index) =>
    opening.exec(line)?.[1] === name ? [index + 1] : [],
  );
  const start = starts[0];
  if (start === undefined || starts.length > 1) {
    throw new Error(
      `${basename(path)} must have one "// #region ${name}", and has ${starts.length}.`,
    );
  }
  const length = all.slice(start).findIndex((line) => closing.test(line));
  if (length === -1) {
    throw new Error(
      `${basename(path)} leaves the region ${name} open: add "// #endregion".`,
    );
  }
  const lines = all
    .slice(start, start + length)
    .filter((line) => !remark.test(line));
  return {
    place: `${basename(path)}:${start + 1}`,
    lines: dedent(trimBlank(lines)),
  };
}

/** Removes the indentation that all the lines share. */
export function dedent(lines: readonly string[]): string[] {
  const margins = lines
    .filter((line) => line.trim() !== "")
    .map((line) => line.length - line.trimStart().length);
  const margin = margins.length === 0 ? 0 : Math.min(...margins);
  return lines.map((line) => line.slice(margin).trimEnd());
}

/** Removes empty lines at both ends. */
export function trimBlank(lines: readonly string[]): string[] {
  let start = 0;
  let end = lines.length;
  while (start < end && lines[start]?.trim() === "") start++;
  while (end > start && lines[end - 1]?.trim() === "") end--;
  return lines.slice(start, end);
}
