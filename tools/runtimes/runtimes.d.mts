export type RuntimeName = "node20" | "node22" | "node24" | "node26" | "deno" | "bun";
export const runtimeNames: readonly RuntimeName[];
export function binaryOf(name: string): string;
export function ensure<Name extends string>(names: readonly Name[]): Record<Name, string>;
