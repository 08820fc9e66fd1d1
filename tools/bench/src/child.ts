/** One process: one contender, one case. Prints what it measured as one line of JSON. */
import { caseNamed } from "./cases.ts";
import { type Contender, loadContests } from "./contenders.ts";
import { measure, type Plan } from "./contest.ts";

const [contender, caseName, plan] = process.argv.slice(2) as [string, string, string];
const task = caseNamed(caseName);
const contest = (await loadContests(contender as Contender))[task.name];
if (contest === undefined) throw new Error(`${contender} has no case "${task.name}".`);
const measured = await measure(task, contest, JSON.parse(plan) as Plan);
process.stdout.write(`${JSON.stringify(measured)}\n`, () => process.exit(0));
