import { existsSync, readdirSync } from "node:fs";
import { join, resolve } from "node:path";
import { checkPackage, createPackageFromTarballData, type Problem } from "@arethetypeswrong/core";
import { publint } from "publint";
import { formatMessage } from "publint/utils";
import { lostSources, type PublishedManifest, packagingProblems, renamedClasses, renamedFunctions } from "./rules.ts";
import { tarballOf } from "./tarball.ts";

const root = resolve(import.meta.dirname, "../../..");

/** One line for a problem that attw found. */
function wordsFor(problem: Problem): string {
  const { kind, ...details } = problem;
  return `attw: ${kind} ${JSON.stringify(details)}`;
}

/** Everything that is wrong with a package as it would be published. */
async function problemsOf(directory: string): Promise<string[]> {
  if (!existsSync(join(directory, "dist"))) return ["it is not built; run pnpm build"];
  const tarball = tarballOf(directory);

  const packed = createPackageFromTarballData(tarball);
  const prefix = `/node_modules/${packed.packageName}/`;
  const manifest = JSON.parse(packed.readFile(`${prefix}package.json`)) as PublishedManifest;
  const files = packed.listFiles().map((file) => file.slice(prefix.length));
  const problems = packagingProblems(manifest, files);
  const sources = files
    .filter((file) => file.startsWith("src/"))
    .map((file) => packed.readFile(prefix + file))
    .join("\n");
  for (const file of files.filter((each) => /^dist\/.*\.c?js$/.test(each))) {
    const code = packed.readFile(prefix + file);
    problems.push(...renamedClasses(file, code), ...renamedFunctions(file, code, sources));
  }

  for (const file of files.filter((each) => each.endsWith(".map"))) {
    problems.push(...lostSources(file, packed.readFile(prefix + file), files));
  }

  const linted = await publint({ strict: true, pack: { tarball: tarball.buffer } });
  problems.push(...linted.messages.map((message) => `publint: ${formatMessage(message, manifest, { color: false })}`));

  const analysis = await checkPackage(packed);
  if (!analysis.types) return [...problems, "attw: it has no types"];
  // Node 10 knows no exports; every Node that we support does.
  const relevant = analysis.problems.filter(
    (problem) => !("resolutionKind" in problem && problem.resolutionKind === "node10"),
  );
  return [...problems, ...relevant.map(wordsFor)];
}

let failed = 0;
for (const name of readdirSync(join(root, "packages")).sort()) {
  const problems = await problemsOf(join(root, "packages", name));
  for (const problem of problems) console.error(`packages/${name}: ${problem}`);
  if (problems.length > 0) failed += 1;
  else console.log(`packages/${name}: as it should be`);
}
process.exit(failed > 0 ? 1 : 0);
