import { existsSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";

const root = new URL("../../../", import.meta.url);
const read = (path: string): string => readFileSync(new URL(path, root), "utf8");

/** The rows of docs/cpython-tests.md, by section: the names of CPython's tests, and what is said about them. */
const sections = read("docs/cpython-tests.md")
  .split("\n## ")
  .slice(1)
  .map((section) => {
    const [name = "", ...lines] = section.split("\n");
    const rows = lines
      .filter((line) => line.startsWith("| ") && !/^\| (subjects|---)/.test(line))
      .map((line) => {
        const [, names = "", here = ""] = /^\| (.*?) \| (.*) \|$/.exec(line) ?? [];
        return { names: [...names.matchAll(/`(\w+)`/g)].map((match) => match[1]!), here };
      });
    return { name, rows };
  });
const none = ({ here }: { here: string }): boolean => here.startsWith("none");

describe("the subjects of CPython's tests", () => {
  const named = sections.flatMap(({ name, rows }) =>
    rows.flatMap(({ here }) =>
      [...here.matchAll(/`([\w./-]+\.ts)`: ("[^"]+"(?: \+ "[^"]+")*)/g)].map(([, file, titles]) => ({
        name,
        file: file!,
        titles: [...titles!.matchAll(/"([^"]+)"/g)].map((match) => match[1]!),
      })),
    ),
  );

  it("have a test here, or a reason why not", () => {
    const rows = sections.flatMap(({ rows }) => rows);
    expect(rows.filter(({ names }) => names.length === 0)).toEqual([]);
    const told = rows.filter((row) => none(row) || /`[\w./-]+\.ts`: "/.test(row.here));
    expect(rows.filter((row) => !told.includes(row))).toEqual([]);
  });

  it("are tested by tests that exist", () => {
    const missing = named.flatMap(({ file, titles }) => {
      const path = new URL(`packages/${file}`, root);
      if (!existsSync(path)) return [file];
      const titled = readFileSync(path, "utf8")
        .split("\n")
        .filter((line) => /\b(?:test|it|describe)(?:\.each\(.*\))?\(|^ *name: "/.test(line));
      return titles.filter((title) => !titled.some((line) => line.includes(title))).map((title) => `${file}: ${title}`);
    });
    expect(missing).toEqual([]);
    expect(named.length).toBeGreaterThan(200);
  });

  it("are counted in the README", () => {
    const readme = read("tools/conformance/README.md");
    for (const { name, rows } of sections) {
      const count = (some: typeof rows) => some.reduce((sum, { names }) => sum + names.length, 0);
      const without = count(rows.filter(none));
      expect(readme).toContain(`| \`${name}\` | ${count(rows) - without} | ${without} |`);
    }
  });
});
