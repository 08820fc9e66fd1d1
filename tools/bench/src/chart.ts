import { parse, View } from "vega";
import { compile, type TopLevelSpec } from "vega-lite";
import { cases } from "./cases.ts";
import { baseline, type Report } from "./report.ts";

/** The ratios to native of every case and contender, on a logarithmic scale, as SVG. */
export async function chart(report: Report): Promise<string> {
  const points = report.results.flatMap((result) =>
    result.ratio === null || result.contender === baseline || !Number.isFinite(result.ratio.median)
      ? []
      : [
          {
            case: result.case,
            contender: result.contender,
            ratio: result.ratio.median,
            low: result.ratio.low,
            high: result.ratio.high,
          },
        ],
  );
  const order = cases.map((task) => task.name).filter((name) => points.some((point) => point.case === name));
  const y = { field: "case", type: "nominal", sort: order, title: null } as const;
  const colour = { field: "contender", type: "nominal", title: null, legend: { orient: "top" } } as const;
  const scale = { type: "log" } as const;
  const specification: TopLevelSpec = {
    $schema: "https://vega.github.io/schema/vega-lite/v6.json",
    background: "white",
    width: 640,
    title: `Cost against native async/await, Node ${report.node} (left of 1: less than native)`,
    data: { values: points },
    layer: [
      {
        mark: { type: "rule", color: "#888" },
        data: { values: [{ one: 1 }] },
        encoding: { x: { field: "one", type: "quantitative" } },
      },
      {
        mark: { type: "rule", strokeWidth: 2, opacity: 0.5 },
        encoding: {
          y,
          x: { field: "low", type: "quantitative", scale, title: "times native" },
          x2: { field: "high" },
          color: colour,
        },
      },
      {
        mark: { type: "point", filled: true, size: 70, opacity: 1 },
        encoding: {
          y,
          x: { field: "ratio", type: "quantitative", scale },
          color: colour,
          shape: { field: "contender", type: "nominal", title: null },
        },
      },
    ],
  };
  const view = new View(parse(compile(specification).spec), { renderer: "none" });
  try {
    return `${await view.toSVG()}\n`;
  } finally {
    view.finalize();
  }
}
