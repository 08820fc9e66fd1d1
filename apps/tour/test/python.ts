// Reads Python programs as JSON on its input, runs each on CPython's asyncio, and writes what they print as JSON.
import { loadPyodide } from "pyodide";

const virtualTime = `
import asyncio, asyncio.base_events, contextlib, io

class Clock:
    """Stands in for the selector: waiting is letting the time jump."""
    def __init__(self, loop):
        self.loop = loop
    def select(self, timeout):
        if timeout is None:
            raise RuntimeError("nothing is left that could happen")
        self.loop.now += timeout
        return []

class VirtualLoop(asyncio.base_events.BaseEventLoop):
    def __init__(self):
        super().__init__()
        self.now = 0.0
        self._selector = Clock(self)
    def time(self):
        return self.now
    def _process_events(self, events):
        pass
    def _write_to_self(self):
        pass
    async def shutdown_default_executor(self, timeout=None):
        pass

def run(main):
    asyncio._set_running_loop(None)  # Pyodide's own
    with asyncio.Runner(loop_factory=VirtualLoop) as runner:
        return runner.run(main)

asyncio.run = run

def printed_by(source):
    out = io.StringIO()
    with contextlib.redirect_stdout(out):
        exec(compile(source, "program.py", "exec"), {"asyncio": asyncio, "__name__": "__main__"})
    return out.getvalue().splitlines()
`;

let input = "";
for await (const chunk of process.stdin) input += chunk;
const pyodide = await loadPyodide();
pyodide.runPython(virtualTime);
const printedBy = pyodide.globals.get("printed_by");
const programs: string[] = JSON.parse(input);
const outputs = programs.map((source) => printedBy(source).toJs());
process.stdout.write(JSON.stringify(outputs));
process.exit(0);
