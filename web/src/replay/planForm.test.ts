import { expect, test } from "vitest";
import { planBody, planForm } from "./planForm";
import { readPlan } from "./readPlan";

const body = (query: string) => planBody(planForm(new URLSearchParams(query)));

test("what was left empty leaves the server's defaults", () => {
  expect(body("stream=orders")).toEqual({ stream: "orders" });
  expect(body("stream=orders&share=&max_rate=x&shards= ,&set=nothing")).toEqual({ stream: "orders" });
});

test("the form becomes the request", () => {
  expect(body("stream=orders&target=again&share=25&max_rate=100&shards=a,b%20c&set=why%20=%20a=b%0Aby=me&dense=1")).toEqual({
    stream: "orders",
    target: "again",
    shards: ["a", "b", "c"],
    set: { why: "a=b", by: "me" },
    dense: true,
    pace: { share: 0.25, max_rate: 100 },
  });
});

test("compaction is said only when it is wanted", () => {
  expect(body("stream=s&compact_key=id")).toEqual({ stream: "s" });
  expect(body("stream=s&compact=1&compact_key=id&tombstone=gone&tombstones=drop")).toEqual({
    stream: "s",
    compact: { key: "id", tombstone: "gone", tombstones: "drop" },
  });
});

test("a plan's preview and document keep their digits", () => {
  const { preview, document } = readPlan('{"plan":"a","preview":[{"_partition_key":"k","_arrival_time":"2026-11-28T00:00:00Z","payload":{"id":9007199254740993}}],"document":{"records":9007199254740993}}');
  expect(preview).toEqual([{ key: "k", arrived: "2026-11-28T00:00:00Z", payload: '{ "id": 9007199254740993 }' }]);
  expect(document?.kind === "object" && document.members[0]?.value).toEqual({ kind: "number", text: "9007199254740993" });
});
