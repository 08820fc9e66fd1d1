#!/usr/bin/env node
// Runs the sources: TypeScript through tsx, and every @tsyncio package from its own sources, so nothing need be built.
import { register } from "node:module";
import { register as registerTypeScript } from "tsx/esm/api";

const sources = `export function resolve(specifier, context, next) {
  return next(specifier, { ...context, conditions: ["@tsyncio/source", ...context.conditions] });
}`;
register(`data:text/javascript,${encodeURIComponent(sources)}`);
registerTypeScript();
await import("../src/main.ts");
