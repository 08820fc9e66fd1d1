import configure from "core-js-pure/configurator.js";

configure({ usePolyfill: ["Promise"] });
