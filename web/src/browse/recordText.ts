import type { StreamRecord } from "../api/types";
import { decodePayload } from "../text/payload";

/**
 * A record as one line of JSON, as `watershed tail --json` prints it: exactly one of `payload` (JSON,
 * as it came), `payload_text` and `payload_base64`. A payload that was cut stays base64.
 */
export function recordLine(record: StreamRecord): string {
  const { payload_base64, payload_cut, ...facts } = record;
  const head = JSON.stringify(facts).slice(0, -1);
  if (payload_cut) {
    return `${head},"payload_cut":true,"payload_base64":${JSON.stringify(payload_base64)}}`;
  }
  const { text, json } = decodePayload(payload_base64);
  if (text === undefined) {
    return `${head},"payload_base64":${JSON.stringify(payload_base64)}}`;
  }
  // Line breaks in JSON are between tokens only.
  return json === undefined
    ? `${head},"payload_text":${JSON.stringify(text)}}`
    : `${head},"payload":${text.trim().replace(/[\r\n]/g, " ")}}`;
}
