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

const record = (payload: string | number[], cut = false): StreamRecord => ({
  shard: "shardId-000000000000",
  sequence: "1",
  sub: 0,
  position: "p",
  partition_key: "k",
  arrival_time: "2026-11-28T00:00:00Z",
  side: "live",
  bytes: payload.length,
  payload_base64: Buffer.from(payload as string).toString("base64"),
  ...(cut ? { payload_cut: true } : {}),
});

test("an exported record keeps its payload exactly", () => {
  expect(recordLine(record('{"id":9007199254740993,\n"__proto__":1.10}'))).toContain('"payload":{"id":9007199254740993, "__proto__":1.10}}');
  expect(recordLine(record("plain"))).toContain('"payload_text":"plain"}');
  expect(recordLine(record([0xff, 0xfe]))).toContain('"payload_base64":"//4="}');
  expect(recordLine(record("{}", true))).toContain('"payload_cut":true,"payload_base64":"e30="}');
});
