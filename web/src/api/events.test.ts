import { expect, test } from "vitest";
import { EventParser } from "./events";

test("events come whole, however the stream is cut", () => {
  const stream = ': beat\n\nevent: record\ndata: {"a":1}\n\ndata: x\r\ndata: y\r\n\r\nevent: none\n\n';
  for (let cut = 1; cut < stream.length; cut++) {
    const parser = new EventParser();
    const events = [...parser.push(stream.slice(0, cut)), ...parser.push(stream.slice(cut))];
    expect(events).toEqual([
      { event: "record", data: '{"a":1}' },
      { event: "message", data: "x\ny" },
    ]);
  }
});
