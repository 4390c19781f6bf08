import type { Query } from "../api/http";

/** What the page shows, as its URL says it. */
export type Filters = {
  stream: string;
  from: string;
  to: string;
  shard: string;
  key: string;
  where: string;
  order: "newest" | "oldest";
};

export const FILTER_NAMES = ["from", "to", "shard", "key", "where"] as const;

export function filtersOf(parameters: URLSearchParams): Filters {
  const text = (name: string) => parameters.get(name) ?? "";
  return {
    stream: text("stream"),
    from: text("from"),
    to: text("to"),
    shard: text("shard"),
    key: text("key"),
    where: text("where"),
    order: text("order") === "oldest" ? "oldest" : "newest",
  };
}

export function recordsQuery(filters: Filters): Query {
  const { stream: _, ...rest } = filters;
  return rest;
}

export function tailQuery(filters: Filters): Query {
  return { where: filters.where, key: filters.key, shard: filters.shard };
}

/** The same records as a statement, to be counted, grouped or exported whole. */
export function asSql(filters: Filters): string {
  const conditions = [
    ...(isTime(filters.from) ? [`_arrival_time >= ${literal(filters.from)}`] : []),
    ...(isTime(filters.to) ? [`_arrival_time < ${literal(filters.to)}`] : []),
    ...(filters.shard ? [`_shard_id = ${literal(filters.shard)}`] : []),
    ...(filters.key ? [`_partition_key = ${literal(filters.key)}`] : []),
    ...(filters.where ? [`(${filters.where})`] : []),
  ];
  const where = conditions.length > 0 ? `\nWHERE ${conditions.join("\n  AND ")}` : "";
  const direction = filters.order === "newest" ? " DESC" : "";
  return `SELECT *\nFROM ${identifier(filters.stream)}${where}\nORDER BY _arrival_time${direction}\nLIMIT 1000`;
}

/** Times such as `2h` have no literal in SQL. */
function isTime(text: string): boolean {
  return /^\d{4}-\d\d-\d\d/.test(text);
}

export function literal(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}

export function identifier(name: string): string {
  return /^[a-z_][a-z0-9_]*$/.test(name) ? name : `"${name.replaceAll('"', '""')}"`;
}
