export { Future } from "@tsyncio/future";
export { EventLoop } from "@tsyncio/loop";
