/**
 * What the layers above need from inside: the state every loaded copy shares, and the switching of contexts.
 *
 * @packageDocumentation
 */
export {
  captureContext,
  commonContext,
  currentContext,
  enterCommon,
  enterContext,
  leaveCommon,
  leaveContext,
} from "./context.ts";
export { type PermitWatcher, type Registry, registry, watchCoroutines, watchPermits } from "./shared-state.ts";
