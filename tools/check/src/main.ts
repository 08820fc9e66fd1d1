import { delimiter, join, relative, resolve } from "node:path";
import { countTests, removeReports, type TestCount } from "./reports.ts";
import { runStage, type StageResult, tailOf } from "./stage.ts";
import { stages, testStage, wholeRunSeconds } from "./stages.ts";

const usage = `Usage: pnpm check [--list] [--only <stage>]… [--skip <stage>]…
Runs every check of the repository in turn. Exit code 0 when all pass, 1 when one fails, 2 on bad usage.`;

const root = resolve(import.meta.dirname, "../../..");
const logs = join(root, ".reports/check");

/** The names given after an option, which must each be the name of a stage. */
function namesAfter(option: string, args: readonly string[]): Set<string> {
  const names = args.filter((_, index) => args[index - 1] === option);
  for (const name of names) {
    if (!stages.some((stage) => stage.name === name)) fail(`There is no stage "${name}"; see --list.`);
  }
  return new Set(names);
}

function fail(message: string): never {
  console.error(`${message}\n${usage}`);
  process.exit(2);
}

const args = process.argv.slice(2).filter((argument) => argument !== "--");
for (const [index, argument] of args.entries()) {
  const isValue = args[index - 1] === "--only" || args[index - 1] === "--skip";
  if (!isValue && !["--list", "--only", "--skip", "--help"].includes(argument)) fail(`Unknown option "${argument}".`);
}
if (args.includes("--help")) {
  console.log(usage);
  process.exit(0);
}
if (args.includes("--list")) {
  for (const stage of stages)
    console.log(`${stage.name}  (${stage.command.join(" ")}; at most ${stage.limitSeconds} s)`);
  process.exit(0);
}
const only = namesAfter("--only", args);
const skip = namesAfter("--skip", args);
const chosen = stages.filter((stage) => (only.size === 0 || only.has(stage.name)) && !skip.has(stage.name));

const interrupted = new AbortController();
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, () => interrupted.abort());

process.env.PATH = `${join(root, "node_modules/.bin")}${delimiter}${process.env.PATH ?? ""}`;
process.env.TURBO_TELEMETRY_DISABLED = "1";
process.env.DO_NOT_TRACK = "1";

const deadline = Date.now() + wholeRunSeconds * 1000;
const results: StageResult[] = [];
let tests: TestCount = { passed: 0, failed: 0, failures: [] };

for (const stage of chosen) {
  const logFile = join(logs, `${stage.name.replaceAll(" ", "-")}.log`);
  const notRun = (reason: string): void => {
    results.push({ name: stage.name, passed: false, reason, seconds: 0, logFile });
    console.log(`✗ ${stage.name}: ${reason}`);
  };
  if (interrupted.signal.aborted) {
    notRun("was not run: interrupted");
    continue;
  }
  const remaining = Math.floor((deadline - Date.now()) / 1000);
  if (remaining <= 0) {
    notRun(`was not run: the whole run may take ${wholeRunSeconds} s`);
    continue;
  }
  const missing = stage.needs?.find((name) => results.some((result) => result.name === name && !result.passed));
  if (missing !== undefined) {
    notRun(`was not run: it needs "${missing}", which failed`);
    continue;
  }

  console.log(`… ${stage.name}`);
  if (stage.name === testStage) removeReports(root);
  const limitSeconds = Math.min(stage.limitSeconds, remaining);
  const result = await runStage({ ...stage, limitSeconds }, { directory: root, logFile, signal: interrupted.signal });
  results.push(result);
  if (stage.name === testStage) tests = countTests(root);
  if (result.passed) {
    console.log(`✓ ${stage.name}  ${result.seconds.toFixed(1)} s`);
  } else {
    console.log(`✗ ${stage.name}: ${result.reason}  (${relative(root, logFile)} ends with)`);
    console.log(tailOf(logFile, 80).replaceAll(/^/gm, "    "));
  }
}

const failedStages = results.filter((result) => !result.passed);
const counted = results.filter((result) => result.name !== testStage);
// A test stage that failed without a failed test (it hung, or could not start) still counts as a failure.
const hiddenFailure = tests.failed === 0 && failedStages.some((result) => result.name === testStage) ? 1 : 0;
const passed = tests.passed + counted.filter((result) => result.passed).length;
const failed = tests.failed + counted.filter((result) => !result.passed).length + hiddenFailure;

if (failed > 0) {
  console.log("\nFailed:");
  for (const result of failedStages) console.log(`  stage ${result.name}: ${result.reason}`);
  for (const failure of tests.failures) console.log(`  test ${failure}`);
}
console.log(`\n${passed} passed, ${failed} failed`);
process.exit(failed > 0 ? 1 : 0);
