import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";

/** A package whose manifest is taken as the pattern: it has dependencies, and no sub-paths of its own. */
const pattern = "queue";

/** Makes `packages/<name>` and its changeset, enters it into the package graph and lets its examples be found. */
export function newPackage(root: string, name: string): void {
  if (!/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/.test(name)) {
    throw new Error(`a package's name is lower-case words joined by hyphens, not "${name}"`);
  }
  const folder = join(root, "packages", name);
  if (existsSync(folder)) throw new Error(`packages/${name} is there already`);

  const write = (file: string, text: string): void => {
    mkdirSync(dirname(join(folder, file)), { recursive: true });
    writeFileSync(join(folder, file), text);
  };
  write("package.json", manifest(root, name));
  write("README.md", readme(name));
  write("src/index.ts", `export { purpose } from "./purpose.ts";\n`);
  write(
    "src/purpose.ts",
    `/** What this package is for, in one sentence. */\nexport const purpose = "to be written";\n`,
  );
  write("src/purpose.test.ts", purposeTest);
  write("src/index.test.ts", indexTest);
  mkdirSync(join(root, ".changeset"), { recursive: true });
  writeFileSync(
    join(root, `.changeset/${name}-first-release.md`),
    `---\n"@tsyncio/${name}": minor\n---\n\nThe first release.\n`,
  );
  enterIntoGraph(root, name);
  addDependency(join(root, "tools/examples/package.json"), `@tsyncio/${name}`);
}

function manifest(root: string, name: string): string {
  const text = readFileSync(join(root, "packages", pattern, "package.json"), "utf8");
  const { dependencies: _, peerDependencies: __, peerDependenciesMeta: ___, ...rest } = JSON.parse(text);
  const renamed = JSON.parse(JSON.stringify(rest).replaceAll(`packages/${pattern}`, `packages/${name}`));
  const exported = { ".": renamed.exports["."], "./package.json": "./package.json" };
  return asJson({
    ...renamed,
    name: `@tsyncio/${name}`,
    version: "0.0.0",
    description: "To be written.",
    exports: exported,
    devDependencies: { "@tsyncio/config": "workspace:*" },
  });
}

const readme = (name: string): string => `# @tsyncio/${name}

What it is for. asyncio's counterpart: to be written.

\`\`\`sh
npm install @tsyncio/${name}
\`\`\`

\`\`\`ts
import { purpose } from "@tsyncio/${name}";

console.log(purpose); // prints: to be written
\`\`\`

Depends on nothing. Part of [tsyncio](https://github.com/tsyncio/tsyncio).
`;

const purposeTest = `import { expect, test } from "vitest";
import { purpose } from "./purpose.ts";

test("the purpose is told", () => {
  expect(purpose).toBe("to be written");
});
`;

const indexTest = `import { expect, test } from "vitest";
import * as exported from "./index.ts";

test("the package exports these names", () => {
  expect(Object.keys(exported).sort()).toEqual(["purpose"]);
});
`;

/** The last line of the graph is the umbrella; a new layer, which imports nothing yet, goes in front of it. */
function enterIntoGraph(root: string, name: string): void {
  const file = join(root, "tools/graph/src/layers.ts");
  const key = name.includes("-") ? `"${name}"` : name;
  const text = readFileSync(file, "utf8");
  const entered = text.replace(/^ {2}testing:/m, `  ${key}: [],\n  testing:`);
  if (entered === text) throw new Error(`${file} has no line for testing, before which ${name} would go`);
  writeFileSync(file, entered);
}

function addDependency(file: string, name: string): void {
  const content = JSON.parse(readFileSync(file, "utf8")) as { dependencies: Record<string, string> };
  const dependencies = Object.entries({ ...content.dependencies, [name]: "workspace:^" });
  content.dependencies = Object.fromEntries(dependencies.sort(([a], [b]) => (a < b ? -1 : 1)));
  writeFileSync(file, asJson(content));
}

const asJson = (content: unknown): string => `${JSON.stringify(content, undefined, 2)}\n`;
