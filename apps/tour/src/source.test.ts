import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { afterAll, describe, expect, it } from "vitest";
import { readRegion } from "./source.ts";

const folder = mkdtempSync(join(tmpdir(), "tour-"));
afterAll(() => rmSync(folder, { recursive: true }));

function file(text: string): string {
  const path = join(folder, "chapter.ts");
  writeFileSync(path, text);
  return pathToFileURL(path).href;
}

describe("readRegion", () => {
  it("gives the very lines of the file, moved to the margin", () => {
    const url = file(
      "a;\n  // #region x\n\n  // biome-ignore format: narrow\n  if (b) {\n    c;\n  }\n\n  // #endregion\nd;\n",
    );
    expect(readRegion(url, "x")).toEqual({
      place: "chapter.ts:3",
      lines: ["if (b) {", "  c;", "}"],
    });
  });

  it("refuses a region that is not there", () => {
    expect(() => readRegion(file("a;\n"), "x")).toThrow(
      'chapter.ts must have one "// #region x", and has 0.',
    );
  });

  it("refuses a region that is there twice", () => {
    const text = "// #region x\n// #endregion\n".repeat(2);
    expect(() => readRegion(file(text), "x")).toThrow(
      'chapter.ts must have one "// #region x", and has 2.',
    );
  });

  it("refuses a region that is left open", () => {
    expect(() => readRegion(file("// #region x\na;\n"), "x")).toThrow(
      'chapter.ts leaves the region x open: add "// #endregion".',
    );
  });
});
