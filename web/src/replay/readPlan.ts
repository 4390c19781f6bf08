import type { Plan } from "../api/types";
import { type JsonNode, member, parseJson, print, textOf } from "../text/json";
import { visible } from "../text/payload";

export type Arrival = { key: string; arrived: string; payload: string };

/** A plan as the server sends it, with its document and the previewed payloads as they were written. */
export function readPlan(text: string): { plan: Plan; document: JsonNode | undefined; preview: Arrival[] } {
  const whole = parseJson(text);
  const preview = whole && member(whole, "preview");
  return {
    plan: JSON.parse(text) as Plan,
    document: whole && member(whole, "document"),
    preview: preview?.kind === "array" ? preview.items.map(arrival) : [],
  };
}

function arrival(record: JsonNode): Arrival {
  const text = (...names: string[]) => {
    const found = names.map((name) => member(record, name)).find((node) => node !== undefined);
    return found ? textOf(found) : "";
  };
  const payload = member(record, "payload");
  return {
    key: text("partition_key", "_partition_key"),
    arrived: text("arrival_time", "_arrival_time"),
    payload: visible(payload ? print(payload) : text("payload_text", "payload_base64")),
  };
}
