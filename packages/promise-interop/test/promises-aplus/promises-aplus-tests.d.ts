declare module "promises-aplus-tests" {
  interface Adapter {
    resolved(value: unknown): unknown;
    rejected(reason: unknown): unknown;
    deferred(): unknown;
  }
  export default function suite(
    adapter: Adapter,
    options: { reporter: unknown; timeout: number },
    done: () => void,
  ): void;
}
