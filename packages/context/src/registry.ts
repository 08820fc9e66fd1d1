/**
 * What the layers above need from inside: the state every loaded copy shares, and the switching of contexts.
 *
 * @packageDocumentation
 */
export { captureContext, commonContext, currentContext, enterContext, leaveContext } from "./context.ts";
export { type Registry, registry, watchCoroutines } from "./shared-state.ts";
