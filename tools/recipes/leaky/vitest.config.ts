export { default } from "../vitest/vitest.config.ts";
