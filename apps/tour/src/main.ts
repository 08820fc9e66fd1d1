import { chapters } from "./chapters/index.ts";
import { start } from "./start.ts";

await start(chapters);
