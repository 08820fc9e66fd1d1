declare module "core-js-pure/configurator.js" {
  export default function configure(options: { usePolyfill?: string[]; useNative?: string[] }): void;
}

declare module "core-js-pure/es/promise/index.js" {
  const CorePromise: PromiseConstructor;
  export default CorePromise;
}
