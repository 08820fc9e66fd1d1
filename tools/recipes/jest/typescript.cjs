const { transformSync } = require("esbuild");

/** TypeScript for jest, without its types. */
module.exports = {
  process: (source, sourcefile) =>
    transformSync(source, { loader: "ts", format: "cjs", target: "node20", sourcemap: "inline", sourcefile }),
};
