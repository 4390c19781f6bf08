import type { Column, Schema } from "../api/types";

/** The columns of all tables that a statement names, each name once. */
export function namedColumns(schema: Schema | undefined, statement: string): Column[] {
  const words = new Set(statement.toLowerCase().match(/[\w.]+/g));
  const columns = new Map<string, Column>();
  for (const table of schema?.tables ?? []) {
    if (words.has(table.name.toLowerCase())) {
      table.columns.forEach((column) => columns.set(column.name, column));
    }
  }
  return [...columns.values()];
}
