import { copyFileSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { examplesInMarkdown, outputProblem, prepare } from "@tsyncio/examples";
import { execute } from "./command.ts";

export type PackageManager = "npm" | "pnpm";

/** The compilers that a package's types must hold for. */
const compilers = ["typescript-5.9", "typescript-newest"] as const;

/** A user's project: empty, but for what is installed from the registry. */
export class Project {
  readonly directory: string;
  readonly #manager: PackageManager;
  readonly #environment: Readonly<Record<string, string>>;

  constructor(directory: string, manager: PackageManager, environment: Readonly<Record<string, string>>) {
    this.directory = directory;
    this.#manager = manager;
    this.#environment = environment;
    mkdirSync(directory, { recursive: true });
    this.write("package.json", JSON.stringify({ name: "a-project", private: true, type: "module" }));
  }

  write(file: string, text: string): void {
    mkdirSync(dirname(join(this.directory, file)), { recursive: true });
    writeFileSync(join(this.directory, file), text);
  }

  copyIn(file: string, name: string): void {
    copyFileSync(file, join(this.directory, name));
  }

  async install(...specifiers: string[]): Promise<void> {
    const command = this.#manager === "npm" ? ["npm", "install"] : ["pnpm", "add", "--ignore-workspace"];
    await execute([...command, ...specifiers], { directory: this.directory, env: this.#environment });
  }

  /** The names of all packages that are installed, whether asked for or brought along. */
  installed(): Set<string> {
    // pnpm keeps them all, flattened, in a folder of its own.
    const folders = this.#manager === "npm" ? ["node_modules"] : ["node_modules", "node_modules/.pnpm/node_modules"];
    return new Set(folders.flatMap((folder) => packagesBelow(join(this.directory, folder))));
  }

  node(...args: string[]): Promise<string> {
    return execute([process.execPath, ...args], { directory: this.directory, limitSeconds: 30 });
  }

  /** Type checks files as strictly as a user might, with every compiler; with an `outDir` it also writes JavaScript. */
  async compile(files: readonly string[], module: "nodenext" | "bundler", outDir?: string): Promise<void> {
    const moduleOptions =
      module === "nodenext" ? { module: "nodenext" } : { module: "esnext", moduleResolution: "bundler" };
    for (const compiler of compilers) {
      const configuration = `tsconfig.${module}.${compiler}.json`;
      this.write(
        configuration,
        JSON.stringify({
          compilerOptions: {
            ...moduleOptions,
            target: "es2022",
            strict: true,
            exactOptionalPropertyTypes: true,
            noUncheckedIndexedAccess: true,
            skipLibCheck: false,
            // TypeScript's own libraries are not ours to check, and they take longer than all the rest.
            skipDefaultLibCheck: true,
            types: [],
            ...(outDir === undefined ? { noEmit: true } : { outDir: `${outDir}/${compiler}`, rootDir: "." }),
          },
          files,
        }),
      );
      const command = compilerCommand(compiler);
      await execute([...command, "--project", configuration], { directory: this.directory });
    }
  }
}

function compilerCommand(compiler: string): string[] {
  const manifestFile = createRequire(import.meta.url).resolve(`${compiler}/package.json`);
  const { bin } = JSON.parse(readFileSync(manifestFile, "utf8")) as { bin: Record<string, string> };
  return [process.execPath, join(dirname(manifestFile), bin.tsc!)];
}

function packagesBelow(folder: string): string[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder).flatMap((name) => {
    if (name.startsWith(".")) return [];
    if (!name.startsWith("@")) return [name];
    return readdirSync(join(folder, name)).map((member) => `${name}/${member}`);
  });
}

/** Tries a package out in an empty project: what came along, ESM, CommonJS, its types, and its README's example. */
export async function tryOut(
  project: Project,
  name: string,
  expected: ReadonlySet<string>,
  readme: string,
): Promise<void> {
  await project.install(name);
  const installed = [...project.installed()].sort();
  const wanted = [...expected].sort();
  if (installed.join() !== wanted.join()) {
    throw new Error(`installing ${name} brought along\n  ${installed.join(", ")}\ninstead of\n  ${wanted.join(", ")}`);
  }

  for (const file of ["README.md", "CHANGELOG.md", "LICENSE"]) {
    if (!existsSync(join(project.directory, "node_modules", name, file))) throw new Error(`${name} has no ${file}`);
  }

  project.write("names.mjs", `console.log(Object.keys(await import("${name}")).sort().join());`);
  project.write("names.cjs", `console.log(Object.keys(require("${name}")).sort().join());`);
  const fromModule = await project.node("names.mjs");
  const fromCommonJs = await project.node("names.cjs");
  if (fromModule.trim() === "") throw new Error(`${name} exports nothing`);
  if (fromModule !== fromCommonJs) throw new Error(`${name}: ESM exports ${fromModule} but CommonJS ${fromCommonJs}`);
  project.write("internal.mjs", `await import("${name}/internal").then(() => process.exit(1), () => {});`);
  await project.node("internal.mjs");

  const [example] = examplesInMarkdown("README.md", readme);
  if (example === undefined) throw new Error(`${name}: its README has no example`);
  const told = packagesToInstall(readme);
  const untold = importedPackages(example.code).filter((other) => !told.includes(other));
  if (!told.includes(name) || untold.length > 0) {
    throw new Error(
      `${name}: its README tells to install ${told.join(", ")}; its example imports ${untold.join(", ")}`,
    );
  }
  if (told.length > 1) await project.install(...told);

  const everything = `import * as everything from "${name}";\nexport const names: string[] = Object.keys(everything);\n`;
  const program = prepare(example, new Map(), "./checks.js");
  // What it prints is compared; values in comments are checked with the other examples.
  project.write("example.ts", `${example.code}\nexport {};\n`);
  project.write("module.mts", everything);
  project.write("common.cts", everything);
  await project.compile(["example.ts", "module.mts", "common.cts"], "nodenext", "out");
  await project.compile(["example.ts"], "bundler");
  for (const compiler of compilers) {
    const problem = outputProblem(program.prints, await project.node(`out/${compiler}/example.js`));
    if (problem !== undefined) throw new Error(`${name}: the README's example ${problem}`);
  }
}

/** The packages that a README tells to install: what it imports must be among them, for pnpm shows a project nothing else. */
function packagesToInstall(readme: string): string[] {
  const lines = [...readme.matchAll(/^npm install (.+)$/gm)].map((match) => match[1]!);
  return lines.flatMap((line) => line.split(" ").filter((word) => !word.startsWith("-")));
}

/** The packages that a piece of code imports, by name and without sub-path. */
function importedPackages(code: string): string[] {
  const specifiers = [...code.matchAll(/from "([^"]+)"/g)].map((match) => match[1]!);
  const names = specifiers.map((specifier) => specifier.split("/", specifier.startsWith("@") ? 2 : 1).join("/"));
  return [...new Set(names)].filter((name) => !name.startsWith("node:") && !name.startsWith("."));
}
