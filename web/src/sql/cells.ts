import type { Cell, Column } from "../api/types";
import { visible } from "../text/payload";

/** A value as text; what is NULL has none. */
export function cellText(value: Cell | undefined): string {
  if (value === null || value === undefined) {
    return "";
  }
  return typeof value === "object" ? JSON.stringify(value) : String(value);
}

const NUMBERS = /^(U?(TINY|SMALL|BIG|HUGE)?INT(EGER)?|FLOAT|DOUBLE|REAL|DECIMAL.*)$/i;

export function isNumeric(column: Column): boolean {
  return NUMBERS.test(column.type);
}

export function isTime(column: Column): boolean {
  return /^(TIMESTAMP|DATE)/i.test(column.type);
}

const SAMPLE_ROWS = 100;
const MIN_CHARS = 6;
const MAX_CHARS = 46;

/** A width for each column, in characters, from its name, type and first rows. */
export function columnChars(columns: Column[], rows: (Cell[] | undefined)[]): number[] {
  return columns.map((column, at) => {
    const lengths = rows.slice(0, SAMPLE_ROWS).map((row) => Math.min(MAX_CHARS, visible(cellText(row?.[at])).length));
    const heading = column.name.length + Math.min(12, column.type.length) + 2;
    return Math.min(MAX_CHARS, Math.max(MIN_CHARS, heading, ...lengths) + 1);
  });
}

/** A point of a chart's axis: a number, seconds of a time, or none. */
export function numberOf(column: Column, value: Cell | undefined): number | null {
  if (value === null || value === undefined) {
    return null;
  }
  const number = isTime(column) ? Date.parse(zoned(String(value))) / 1000 : Number(value);
  return Number.isFinite(number) ? number : null;
}

/** A time without a zone is UTC, as in the view. */
function zoned(text: string): string {
  return /(Z|[+-]\d\d(:?\d\d)?)$/.test(text) || !text.includes(":") ? text : `${text}Z`;
}
