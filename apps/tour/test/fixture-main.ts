import { start } from "../src/start.ts";
import { endless, failing, fine, wrong } from "./fixture.ts";

await start([fine, wrong, failing, endless]);
