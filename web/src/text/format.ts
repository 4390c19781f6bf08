/** Numbers, sizes and times as people read them. Absent values are an en dash. */

export const NONE = "–";

const GROUPED = new Intl.NumberFormat("en-US", { maximumFractionDigits: 0 });

type Maybe<T> = T | null | undefined;

export function count(value: Maybe<number>): string {
  return value == null ? NONE : GROUPED.format(value);
}

/** `12.3 k`, for where there is little room. */
export function shortCount(value: Maybe<number>): string {
  return value == null ? NONE : scaled(value, 1000, ["", " k", " M", " G", " T"]);
}

export function bytes(value: Maybe<number>): string {
  return value == null ? NONE : scaled(value, 1024, [" B", " KiB", " MiB", " GiB", " TiB", " PiB"]);
}

function scaled(value: number, step: number, units: string[]): string {
  let unit = 0;
  let rest = value;
  while (Math.abs(rest) >= step && unit < units.length - 1) {
    rest /= step;
    unit++;
  }
  const digits = unit === 0 || Math.abs(rest) >= 100 ? 0 : Math.abs(rest) >= 10 ? 1 : 2;
  return trimZeros(rest.toFixed(digits)) + units[unit];
}

function trimZeros(text: string): string {
  return text.includes(".") ? text.replace(/\.?0+$/, "") : text;
}

/** A rate, `0` up to three digits with what matters: `0.4/s`, `12/s`, `1.2 k/s`. */
export function rate(perSecond: Maybe<number>): string {
  if (perSecond == null) {
    return NONE;
  }
  if (perSecond > 0 && perSecond < 10) {
    return `${trimZeros(perSecond.toFixed(1))}/s`;
  }
  return `${shortCount(Math.round(perSecond))}/s`;
}

/** Two units at most: `45 s`, `3 h 12 m`, `6 d 23 h`; below a second in ms. */
export function duration(seconds: Maybe<number>): string {
  if (seconds == null) {
    return NONE;
  }
  if (seconds < 0) {
    return `-${duration(-seconds)}`;
  }
  if (seconds > 0 && seconds < 1) {
    return `${Math.max(1, Math.round(seconds * 1000))} ms`;
  }
  if (seconds < 10) {
    return `${trimZeros(seconds.toFixed(1))} s`;
  }
  const whole = Math.round(seconds);
  const parts: [number, string][] = [
    [Math.floor(whole / 86400), "d"],
    [Math.floor(whole / 3600) % 24, "h"],
    [Math.floor(whole / 60) % 60, "m"],
    [whole % 60, "s"],
  ];
  const first = parts.findIndex(([amount]) => amount > 0);
  if (first < 0) {
    return "0 s";
  }
  return parts
    .slice(first, first + 2)
    .filter(([amount]) => amount > 0)
    .map(([amount, unit]) => `${amount} ${unit}`)
    .join(" ");
}

/** `2026-11-28 22:53:27.120Z`: always UTC, always complete, sorts as text. */
export function time(iso: Maybe<string>): string {
  const parsed = parse(iso);
  return parsed == null ? NONE : parsed.toISOString().replace("T", " ").replace(".000Z", "Z");
}

/** Hours to milliseconds, for lists of one day. */
export function clock(iso: Maybe<string>): string {
  const parsed = parse(iso);
  return parsed == null ? NONE : parsed.toISOString().slice(11, 23);
}

export function day(iso: Maybe<string>): string {
  const parsed = parse(iso);
  return parsed == null ? NONE : parsed.toISOString().slice(0, 10);
}

/** `12 s ago`. */
export function ago(iso: Maybe<string>, now: number): string {
  const parsed = parse(iso);
  if (parsed == null) {
    return NONE;
  }
  const seconds = Math.round((now - parsed.getTime()) / 1000);
  return seconds < 1 ? "now" : `${duration(seconds)} ago`;
}

function parse(iso: Maybe<string>): Date | null {
  if (iso == null) {
    return null;
  }
  const parsed = new Date(iso);
  return Number.isNaN(parsed.getTime()) ? null : parsed;
}

export function percent(part: number): string {
  return `${Math.round(part * 100)} %`;
}

/** `1 record`, `2 records`. */
export function counted(amount: number, noun: string): string {
  return `${count(amount)} ${noun}${amount === 1 ? "" : "s"}`;
}

/** `3:49650…1230`: shard and sequence number of a position, as far as people tell them apart. */
export function shortPosition(position: string): string {
  const [shard = "", sequence = "", ...sub] = position.split(":");
  const digits = sequence.replace(/^0+(?=\d)/, "");
  const short = digits.length > 16 ? `${digits.slice(0, 5)}…${digits.slice(-8)}` : digits;
  return [shardNumber(shard), short, ...sub].join(":");
}

/** `shardId-000000000007` as `7`: how people call it; any other text unchanged. */
export function shardNumber(shard: string): string {
  const digits = /^shardId-0*(\d+)$/.exec(shard);
  return digits?.[1] ?? shard;
}
