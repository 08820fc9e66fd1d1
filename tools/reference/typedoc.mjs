import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

const packages = new URL("../../packages/", import.meta.url);

const manifests = readdirSync(packages).map((folder) => ({
  folder,
  ...JSON.parse(readFileSync(new URL(`${folder}/package.json`, packages), "utf8")),
}));

/** Every path that a package exports, its own and each sub-path. */
const entryPoints = manifests.flatMap(({ folder, exports }) => {
  return Object.values(exports).flatMap(({ "@tsyncio/source": source }) =>
    source === undefined ? [] : [join("../../packages", folder, source)],
  );
});

export default {
  name: "tsyncio",
  entryPoints,
  tsconfig: "tsconfig.json",
  out: "../../docs/reference",
  readme: "none",
  excludePrivate: true,
  excludeInternal: true,
  excludeExternals: true,
  disableSources: true,
  validation: { notExported: true, invalidLink: true, notDocumented: true },
  // Without it TypeDoc asks for the documentation of its own package alone, which has none.
  packagesRequiringDocumentation: manifests.map(({ name }) => name),
  requiredToBeDocumented: ["Enum", "Variable", "Function", "Class", "Interface", "TypeAlias", "Accessor"],
  // A part of a condition on types, which nobody can document.
  intentionallyNotDocumented: ["task/src.ResultOf.__type.[iterator]"],
  treatValidationWarningsAsErrors: true,
};
