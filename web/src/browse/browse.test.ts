import { expect, test } from "vitest";
import type { StreamRecord } from "../api/types";
import { asSql, filtersOf } from "./filters";
import { recordLine } from "./recordText";

test("filters as a statement quote what people typed", () => {
  const filters = filtersOf(new URLSearchParams("stream=My-Orders&key=O'Brien&from=2026-11-28T00:00:00Z&to=2h&where=a = 1 OR b = 2"));
  expect(asSql(filters)).toBe(
    `SELECT *\nFROM "My-Orders"\nWHERE _arrival_time >= '2026-11-28T00:00:00Z'\n  AND _partition_key = 'O''Brien'\n  AND (a = 1 OR b = 2)\nORDER BY _arrival_time DESC\nLIMIT 1000`,
  );
});

const record = (payload: Pick<StreamRecord, "payload_text" | "payload_base64" | "payload_format">, cut = false): StreamRecord => ({
  shard: "shardId-000000000000",
  sequence: "1",
  sub: 0,
  position: "p",
  partition_key: "k",
  arrival_time: "2026-11-28T00:00:00Z",
  side: "live",
  bytes: 1,
  ...payload,
  ...(cut ? { payload_cut: true } : {}),
});

test("an exported record keeps its payload exactly", () => {
  const json = { payload_text: '{"id":9007199254740993,\n"__proto__":1.10}', payload_format: "json" as const };
  expect(recordLine(record(json))).toContain('"payload":{"id":9007199254740993, "__proto__":1.10}}');
  expect(recordLine(record(json, true))).toContain('"payload_cut":true,"payload_text":"{\\"id');
  expect(recordLine(record({ payload_text: "plain", payload_format: "text" }))).toContain('"payload_text":"plain"}');
  expect(recordLine(record({ payload_base64: "//4=", payload_format: "binary" }))).toContain('"payload_base64":"//4="}');
});
