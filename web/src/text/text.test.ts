import { describe, expect, test } from "vitest";
import { ago, bytes, count, duration, rate, shardNumber, shortCount, shortPosition, time } from "./format";
import { parseJson, print } from "./json";
import { decodePayload, hexLines, oneLine, visible } from "./payload";

describe("numbers and times", () => {
  test("are short and keep what matters", () => {
    expect(count(1234567)).toBe("1,234,567");
    expect(shortCount(12_340)).toBe("12.3 k");
    expect(bytes(0)).toBe("0 B");
    expect(bytes(1536)).toBe("1.5 KiB");
    expect(bytes(100 * 1024)).toBe("100 KiB");
    expect(rate(0.43)).toBe("0.4/s");
    expect(rate(1240)).toBe("1.24 k/s");
    expect(shardNumber("shardId-000000000120")).toBe("120");
    expect(shardNumber("other")).toBe("other");
    expect(shortPosition("shardId-000000000003:00049650000000000001230:0")).toBe("3:49650…00001230:0");
  });

  test("name two units at most", () => {
    expect(duration(0)).toBe("0 s");
    expect(duration(0.25)).toBe("250 ms");
    expect(duration(59.4)).toBe("59 s");
    expect(duration(3 * 3600 + 12 * 60 + 59)).toBe("3 h 12 m");
    expect(duration(86400)).toBe("1 d");
    expect(duration(-5)).toBe("-5 s");
    expect(duration(null)).toBe("–");
  });

  test("are UTC whatever the browser's zone is", () => {
    expect(time("2026-11-28T23:30:00.120+01:00")).toBe("2026-11-28 22:30:00.120Z");
    expect(time("nonsense")).toBe("–");
    expect(ago("2026-11-28T22:30:00Z", Date.parse("2026-11-28T22:31:05Z"))).toBe("1 m 5 s ago");
  });
});

describe("JSON", () => {
  test("keeps the digits of every number", () => {
    const text = '{"id":9007199254740993,"price":1.10,"big":1e400,"d":-0.0}';
    expect(print(parseJson(text)!)).toBe(
      '{\n  "id": 9007199254740993,\n  "price": 1.10,\n  "big": 1e400,\n  "d": -0.0\n}',
    );
  });

  test("keeps order, repetitions and names that mean something elsewhere", () => {
    const node = parseJson('{"b":1,"2":2,"__proto__":{"x":1},"constructor":3,"b":4}');
    expect(node?.kind === "object" && node.members.map((m) => m.name)).toEqual([
      "b",
      "2",
      "__proto__",
      "constructor",
      "b",
    ]);
    expect(({} as Record<string, unknown>).x).toBeUndefined();
  });

  test.each(['{"a":01}', "{'a':1}", '{"a":1,}', "[1 2]", "nul", "", "1 2", '"\n"', "NaN"])(
    "takes nothing else: %s",
    (text) => expect(parseJson(text)).toBeUndefined(),
  );

  test("is bounded in depth", () => {
    expect(parseJson("[".repeat(100) + "]".repeat(100))).toBeDefined();
    expect(parseJson("[".repeat(100_000) + "]".repeat(100_000))).toBeUndefined();
  });
});

describe("a payload", () => {
  test("is JSON, text or bytes", () => {
    expect(decodePayload({ payload_text: '{"a":1}' }).json?.kind).toBe("object");
    expect(decodePayload({ payload_text: "hello" }).json).toBeUndefined();
    expect([...decodePayload({ payload_text: "é" }).bytes]).toEqual([0xc3, 0xa9]);
    expect(decodePayload({ payload_base64: "/wA=" })).toEqual({ bytes: new Uint8Array([255, 0]), text: undefined, json: undefined });
  });

  test("is one line in a list", () => {
    expect(oneLine({ payload_text: '{\n  "a": 1\n}' }, 80)).toBe('{ "a": 1 }');
    expect(oneLine({ payload_text: "é".repeat(4000) }, 50)).toBe("é".repeat(50));
    expect(oneLine({ payload_base64: "//4B" }, 9)).toBe("ff fe 01");
  });

  test("hides nothing", () => {
    expect(visible("a\u0000b\u202ec\ttab")).toBe("a\\u0000b\\u202ec tab");
  });

  test("in hex has offset, bytes and text", () => {
    expect(hexLines(new TextEncoder().encode("<script>alert(1)</script>"), 64)[1]).toEqual({
      offset: "00000010",
      hex: "3c 2f 73 63 72 69 70 74  3e".padEnd(48),
      text: "</script>",
    });
  });
});
