import { join } from "node:path";
import { expect, it } from "vitest";
import { runCommand } from "../test/run-command.ts";

const root = join(import.meta.dirname, "../../..");

it("the project's own documents have no broken links", async () => {
  // The reference is generated from the sources, and not there before.
  const said = await runCommand(["--offline", "--quiet", "--exclude", join(root, "docs/reference"), root]);
  expect(said.out).toMatch(/^\d+ links in \d+ documents: [^\n]*\n$/);
  expect(said.code).toBe(0);
});
