import type { Stage } from "./stage.ts";

const minute = 60;

/** A tool of this repository, run from its source. */
const tool = (name: string, ...args: string[]): [string, ...string[]] => [
  "node",
  "--import",
  "tsx",
  `tools/${name}/src/main.ts`,
  ...args,
];

/** Every check, in the order they run: the quick ones first. */
export const stages: readonly Stage[] = [
  { name: "format and lint", command: ["biome", "check", "."], limitSeconds: 2 * minute },
  { name: "types", command: ["tsc", "--noEmit"], limitSeconds: 5 * minute },
  { name: "package graph", command: tool("graph"), limitSeconds: 2 * minute },
  { name: "knip", command: ["knip", "--no-config-hints"], limitSeconds: 3 * minute },
  { name: "tests", command: ["npm", "test"], limitSeconds: 25 * minute },
  { name: "build", command: ["turbo", "run", "build", "--concurrency=2"], limitSeconds: 10 * minute },
  { name: "links", command: ["npm", "run", "links"], limitSeconds: minute },
  { name: "examples", command: tool("examples"), limitSeconds: 8 * minute },
  { name: "packaging", command: tool("packaging"), limitSeconds: 5 * minute, needs: ["build"] },
  {
    name: "size",
    command: ["pnpm", "--silent", "--filter", "@tsyncio/size", "size"],
    limitSeconds: 2 * minute,
    needs: ["build"],
  },
  {
    name: "reference",
    command: ["pnpm", "--silent", "--filter", "@tsyncio/reference", "reference"],
    limitSeconds: 4 * minute,
  },
  { name: "tour", command: ["npm", "run", "tour"], limitSeconds: 2 * minute },
  { name: "platforms", command: tool("platforms", "--ci", "--no-build"), limitSeconds: 12 * minute, needs: ["build"] },
  { name: "release rehearsal", command: tool("release"), limitSeconds: 12 * minute, needs: ["build"] },
];

/** The stage whose tests are counted one by one; every other stage counts as one. */
export const testStage = "tests";

/** No run of all stages may take longer than this. */
export const wholeRunSeconds = 40 * minute;
