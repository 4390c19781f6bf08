import { expect, test } from "vitest";
import { columnChars, numberOf } from "./cells";
import { namedColumns } from "./namedColumns";

const column = (name: string, type = "VARCHAR") => ({ name, type });

test("completion knows the columns of the tables that a statement names", () => {
  const schema = {
    tables: [
      { name: "orders", columns: [column("id"), column("status")] },
      { name: "orders_live", columns: [column("id"), column("live_only")] },
      { name: "watershed.shards", columns: [column("shard")] },
    ],
  };
  expect(namedColumns(schema, "SELECT x FROM Orders WHERE").map((c) => c.name)).toEqual(["id", "status"]);
  expect(namedColumns(schema, "SELECT x FROM watershed.shards").map((c) => c.name)).toEqual(["shard"]);
  expect(namedColumns(undefined, "SELECT")).toEqual([]);
});

test("a chart's points are numbers, and times in UTC", () => {
  expect(numberOf(column("n", "DECIMAL(18,2)"), "1.50")).toBe(1.5);
  expect(numberOf(column("n", "BIGINT"), null)).toBeNull();
  expect(numberOf(column("t", "TIMESTAMP"), "1970-01-01T00:01:00")).toBe(60);
  expect(numberOf(column("t", "TIMESTAMP WITH TIME ZONE"), "1970-01-01T01:01:00+01:00")).toBe(60);
  expect(numberOf(column("t", "DATE"), "1970-01-02")).toBe(86400);
  expect(numberOf(column("t", "VARCHAR"), "words")).toBeNull();
});

test("columns are as wide as what is in them, within bounds", () => {
  const [name, long] = columnChars([column("n"), column("payload")], [["x", "y".repeat(500)]]);
  expect(name).toBe(11);
  expect(long).toBe(46);
});
