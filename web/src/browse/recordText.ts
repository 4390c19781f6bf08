import type { StreamRecord } from "../api/types";

/**
 * A record as one line of JSON, with exactly one of `payload` (JSON, as it came), `payload_text` and
 * `payload_base64`. A payload that was cut is no JSON any more.
 */
export function recordLine(record: StreamRecord): string {
  const { payload_text, payload_format, ...facts } = record;
  if (payload_text === undefined) {
    return JSON.stringify(facts);
  }
  const head = JSON.stringify(facts).slice(0, -1);
  // Line breaks in JSON are between tokens only.
  return payload_format === "json" && !record.payload_cut
    ? `${head},"payload":${payload_text.trim().replace(/[\r\n]/g, " ")}}`
    : `${head},"payload_text":${JSON.stringify(payload_text)}}`;
}
