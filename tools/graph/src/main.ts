import { resolve } from "node:path";
import { layers } from "./layers.ts";
import { violations } from "./rules.ts";
import { readRepository } from "./workspace.ts";

const repository = readRepository(resolve(import.meta.dirname, "../../.."));
const found = violations(repository, layers);
for (const violation of found) console.error(violation);
const files = repository.workspaces.reduce((sum, workspace) => sum + workspace.files.length, 0);
console.log(`${files} files in ${repository.workspaces.length} workspaces, ${found.length} against the package graph`);
process.exit(found.length > 0 ? 1 : 0);
