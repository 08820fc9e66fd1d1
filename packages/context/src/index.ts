export { Context, ContextVar, copyContext, Token } from "./context.ts";
export { LookupError, RuntimeError } from "./errors.ts";
