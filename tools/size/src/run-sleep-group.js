export { run, sleep, taskGroup } from "@tsyncio/task";
