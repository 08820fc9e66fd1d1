export * from "tsyncio";
