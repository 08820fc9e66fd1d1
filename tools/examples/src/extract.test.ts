import { expect, test } from "vitest";
import { examplesInDocstrings, examplesInMarkdown } from "./extract.ts";

test("a Markdown file's ts blocks, with their lines, and nothing else", () => {
  const text =
    "# Title\n\n```sh\nnpm test\n```\n\n```ts\nconst a = 1;\n```\n\n- item\n\n  ```ts no-run\n  b();\n    c();\n  ```\n";
  expect(examplesInMarkdown("docs/guide.md", text)).toEqual([
    { file: "docs/guide.md", line: 8, code: "const a = 1;", runs: true, isWhole: false },
    { file: "docs/guide.md", line: 14, code: "b();\n  c();", runs: false, isWhole: false },
  ]);
});

test("a README's blocks are whole programs", () => {
  expect(examplesInMarkdown("README.md", "```ts\na;\n```")[0]).toMatchObject({ isWhole: true });
  expect(examplesInMarkdown("packages/x/README.md", "```ts\na;\n```")[0]).toMatchObject({ isWhole: true });
});

test("a doc comment's examples, up to the next tag", () => {
  const text = `export {};
/**
 * Adds.
 *
 * @example
 * \`\`\`ts
 * add(1, 2); // => 3
 * \`\`\`
 * @throws never
 */
export function add() {}`;
  expect(examplesInDocstrings("src/add.ts", text)).toEqual([
    { file: "src/add.ts", line: 7, code: "add(1, 2); // => 3", runs: true, isWhole: false },
  ]);
});

test("an example without a block is refused, by file and line", () => {
  expect(() => examplesInDocstrings("src/add.ts", "/**\n * @example add(1, 2)\n */")).toThrow(
    "src/add.ts:2: @example needs a fenced block marked ts",
  );
});
