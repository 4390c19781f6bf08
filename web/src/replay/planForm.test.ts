import { expect, test } from "vitest";
import { planBody, planForm } from "./planForm";

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
