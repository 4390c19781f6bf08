import { useEffect, useRef } from "react";
import uPlot from "uplot";
import { useColorsVersion } from "../app/theme";

export type ChartSeries = {
  name: string;
  /** A colour token, such as `--archive`. */
  color: string;
  values: (number | null)[];
  format: (value: number | null) => string;
  scale?: string;
  fill?: boolean;
  kind?: "line" | "bars" | "points";
};

const MIN_SPAN_SECONDS = 20;
const X_AXIS = 26;

type Props = {
  label: string;
  /** Seconds since 1970 when `time`, else numbers. */
  x: number[];
  series: ChartSeries[];
  height?: number;
  time?: boolean;
  /** Names of the places 0, 1, … on the x axis, where it has no numbers. */
  names?: string[];
};

/** Lines over time (or numbers), painted on a canvas; the legend follows the pointer. */
export function Chart({ label, x, series, height = 170, time = true, names }: Props) {
  const box = useRef<HTMLDivElement>(null);
  const plot = useRef<uPlot | null>(null);
  const colors = useColorsVersion();
  const shape = series.map((s) => `${s.name}/${s.color}/${s.scale}/${s.kind}`).join() + String(names);

  useEffect(() => {
    const element = box.current;
    if (element === null) {
      return;
    }
    const made = new uPlot(options(element, { label, x, series, height, time, names: names ?? [] }), data(x, series), element);
    plot.current = made;
    const observer = new ResizeObserver(() => made.setSize({ width: element.clientWidth, height }));
    observer.observe(element);
    return () => {
      observer.disconnect();
      made.destroy();
      plot.current = null;
    };
  }, [shape, height, time, colors]);

  useEffect(() => plot.current?.setData(data(x, series)), [x, series]);

  return <div className="chart" ref={box} role="img" aria-label={label} />;
}

function data(x: number[], series: ChartSeries[]): uPlot.AlignedData {
  return [x, ...series.map((s) => s.values)] as uPlot.AlignedData;
}

function options(element: HTMLElement, { series, height, time, names }: Required<Omit<Props, "label" | "x">> & Props): uPlot.Options {
  const style = getComputedStyle(element);
  const color = resolver(element);
  const font = `11px ${style.fontFamily}`;
  const grid = { stroke: color("--line"), width: 1 };
  const axis = { stroke: color("--ink-dim"), font, grid, ticks: { show: false } };
  const scales = [...new Set(series.map((s) => s.scale ?? "y"))];
  return {
    width: Math.max(120, element.clientWidth),
    height,
    tzDate: (seconds) => uPlot.tzDate(new Date(seconds * 1000), "Etc/UTC"),
    cursor: { y: false, points: { size: 6 } },
    legend: { live: true },
    scales: {
      x: { time: time && names.length === 0, range: (_, min, max) => across(min, max, time, names.length) },
      ...Object.fromEntries(scales.map((scale) => [scale, { range: (_: uPlot, min: number, max: number) => range(min, max) }])),
    },
    axes: [
      names.length > 0
        ? { ...axis, size: X_AXIS, space: 70, values: (_, at) => at.map((n) => (Number.isInteger(n) ? (names[n] ?? "") : "")) }
        : { ...axis, size: X_AXIS, space: 80, ...(time ? { values: (_: uPlot, at: number[], __: number, ___: number, step: number) => at.map((seconds) => timeLabel(seconds, step)) } : {}) },
      ...scales.map((scale, index) => ({
        ...axis,
        scale,
        side: index === 0 ? (3 as const) : (1 as const),
        size: (_: uPlot, values: string[] | null) => 16 + 6.6 * Math.max(4, ...(values ?? []).map((value) => value?.length ?? 0)),
        grid: index === 0 ? grid : { show: false },
        values: (_: uPlot, at: number[]) => at.map((value) => series.find((s) => (s.scale ?? "y") === scale)?.format(value) ?? ""),
      })),
    ],
    series: [
      names.length > 0
        ? { label: "", value: (_, value) => (value == null ? "" : (names[value] ?? "")) }
        : { label: time ? "UTC" : "x", ...(time ? { value: "{YYYY}-{MM}-{DD} {HH}:{mm}:{ss}" } : {}) },
      ...series.map((s) => ({
        label: s.name,
        scale: s.scale ?? "y",
        stroke: color(s.color),
        width: 1.75,
        ...(s.fill || s.kind === "bars" ? { fill: color(s.color).replace(/^rgb\((.*)\)$/, "rgba($1, 0.15)") } : {}),
        ...(s.kind === "bars" && uPlot.paths.bars ? { paths: uPlot.paths.bars({ size: [0.7, 60] }) } : {}),
        ...(s.kind === "points" ? { paths: () => null, points: { show: true, size: 5 } } : { points: { show: false } }),
        value: (_: uPlot, value: number | null) => s.format(value),
      })),
    ],
  };
}

/** Names get room at both ends; a time axis never shows less than a few seconds. */
function across(min: number, max: number, time: boolean, names: number): [number, number] {
  if (names > 0) {
    return [-0.6, names - 0.4];
  }
  return [min, time ? Math.max(max, min + MIN_SPAN_SECONDS) : max > min ? max : min + 1];
}

/** UTC, to the precision that the distance of two labels asks for. */
function timeLabel(seconds: number, step: number): string {
  const iso = new Date(seconds * 1000).toISOString();
  const midnight = iso.slice(11, 19) === "00:00:00";
  return step >= 86400 || midnight ? iso.slice(5, 10) : step >= 60 ? iso.slice(11, 16) : iso.slice(11, 19);
}

function range(min: number, max: number): [number, number] {
  if (min == null || max == null) {
    return [0, 1];
  }
  const low = Math.min(0, min);
  const high = Math.max(0, max);
  return low === high ? [0, 1] : [low * 1.08, high * 1.08];
}

/** Colour tokens as a canvas can read them. */
function resolver(element: HTMLElement): (token: string) => string {
  return (token) => {
    element.style.color = `var(${token})`;
    const value = getComputedStyle(element).color;
    element.style.color = "";
    return value;
  };
}
