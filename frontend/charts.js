// Bars and lines; the numbers stand in the page (or behind data-url), a click on a bar opens its rows.
import { BarChart, LineChart } from "echarts/charts";
import { AriaComponent, GridComponent, LegendComponent, TooltipComponent } from "echarts/components";
import * as echarts from "echarts/core";
import { CanvasRenderer } from "echarts/renderers";
import { each, follow, load, tell, text, token } from "./lib.js";

echarts.use([BarChart, LineChart, AriaComponent, GridComponent, LegendComponent, TooltipComponent, CanvasRenderer]);

/** Every bar has its name, slanted where there are many; a line's points need not. */
const labels = (data) =>
  data.kind === "line" ? { interval: "auto", hideOverlap: true } : { interval: 0, rotate: data.categories.length > 5 ? 40 : 0 };

function option(data, size) {
  const font = { fontFamily: getComputedStyle(document.body).fontFamily, fontSize: size, color: token("--mq-ink") };
  const line = { lineStyle: { color: token("--mq-line-strong") } };
  const several = data.series.length > 1;
  return {
    color: ["--mq-accent", "--mq-warm", "--mq-blue", "--mq-green", "--mq-grey"].map(token),
    textStyle: font,
    animation: !window.matchMedia("(prefers-reduced-motion: reduce)").matches,
    animationDuration: 300,
    aria: { enabled: true, decal: { show: several && data.kind === "bar" } },
    grid: { left: 8, right: 16, top: several ? 40 : 28, bottom: 8, containLabel: true },
    legend: several ? { top: 0, textStyle: font } : undefined,
    // drawn on the canvas: the other mode writes inline styles, which the CSP refuses
    tooltip: { trigger: "axis", renderMode: "richText", confine: true, textStyle: { ...font, color: "#222" } },
    xAxis: { type: "category", data: data.categories, axisLabel: { ...font, ...labels(data) }, axisLine: line },
    yAxis: {
      type: "value",
      name: data.unit ?? "",
      minInterval: 1,
      nameTextStyle: font,
      axisLabel: font,
      splitLine: { lineStyle: { color: token("--mq-line") } },
    },
    series: data.series.map((series) => ({
      name: series.name,
      type: data.kind === "line" ? "line" : "bar",
      data: series.values,
      barMaxWidth: 44,
      symbolSize: 8,
      lineStyle: { width: 3 },
      itemStyle: data.kind === "line" ? {} : { borderRadius: [4, 4, 0, 0] },
      cursor: data.links ? "pointer" : "default",
    })),
  };
}

async function numbers(box) {
  if (box.dataset.url) return load(box.dataset.url);
  return JSON.parse(document.getElementById(box.dataset.chart).textContent);
}

async function draw(box) {
  let data;
  try {
    data = await numbers(box);
  } catch {
    tell(text("data-failed"), { kind: "warning" });
    return;
  }
  if (!data.series.some((series) => series.values.some(Boolean))) {
    box.textContent = text("no-figures");
    box.classList.add("chart-empty");
    return;
  }
  const chart = echarts.init(box, null, { renderer: "canvas" });
  const size = () => parseFloat(getComputedStyle(document.documentElement).fontSize) * 0.82;
  chart.setOption(option(data, size()));
  chart.on("click", ({ dataIndex }) => follow(data.links?.[dataIndex]));
  new ResizeObserver(() => chart.resize()).observe(box);
  // the sentence ECharts makes is English or Chinese of its own; the title and the table say it better
  box.setAttribute("role", "img");
  box.removeAttribute("aria-label");
}

each("[data-chart]", draw);
