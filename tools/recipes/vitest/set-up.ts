import "@tsyncio/testing/vitest";
