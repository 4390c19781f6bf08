import { type JsonNode, parseJson } from "./json";

/** The bytes of a record, and what can be made of them. */
export type Payload = {
  bytes: Uint8Array;
  /** Absent when the bytes are no UTF-8. */
  text: string | undefined;
  /** Absent when the text is no JSON value. */
  json: JsonNode | undefined;
};

/** A payload as the server sends it: exact text when it is UTF-8, else base64. */
export type SentPayload = { payload_text?: string; payload_base64?: string };

export function decodePayload({ payload_text, payload_base64 }: SentPayload): Payload {
  if (payload_text !== undefined) {
    return { bytes: new TextEncoder().encode(payload_text), text: payload_text, json: parseJson(payload_text) };
  }
  return { bytes: fromBase64(payload_base64 ?? ""), text: undefined, json: undefined };
}

export function fromBase64(base64: string): Uint8Array {
  const binary = atob(base64);
  const bytes = new Uint8Array(binary.length);
  for (let i = 0; i < binary.length; i++) {
    bytes[i] = binary.charCodeAt(i);
  }
  return bytes;
}

/** The beginning in one line, for lists; bytes in hex. */
export function oneLine({ payload_text, payload_base64 }: SentPayload, maxChars: number): string {
  if (payload_text !== undefined) {
    // Runs of spaces become one, so that there may be less to show than was taken.
    return visible(payload_text.slice(0, 2 * maxChars)).slice(0, maxChars);
  }
  const bytes = fromBase64((payload_base64 ?? "").slice(0, Math.ceil(maxChars / 4) * 4));
  return Array.from(bytes, (b) => b.toString(16).padStart(2, "0"))
    .join(" ")
    .slice(0, maxChars);
}

/** Control characters, and the marks that reorder or hide text, as escapes; line breaks stay. */
export function reveal(text: string): string {
  return text.replace(
    /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]/g,
    (c) => (c === "\r" ? c : `\\u${c.charCodeAt(0).toString(16).padStart(4, "0")}`),
  );
}

/** The same in one line. */
export function visible(text: string): string {
  return reveal(text).replace(/[\t\n\r ]+/g, " ");
}

/** One line of a hex dump. */
export type HexLine = { offset: string; hex: string; text: string };

const HEX_WIDTH = 16;

/** Sixteen bytes a line. */
export function hexLines(bytes: Uint8Array, maxBytes: number): HexLine[] {
  const lines: HexLine[] = [];
  for (let at = 0; at < Math.min(bytes.length, maxBytes); at += HEX_WIDTH) {
    const part = bytes.subarray(at, at + HEX_WIDTH);
    const pairs = Array.from(part, (b) => b.toString(16).padStart(2, "0"));
    lines.push({
      offset: at.toString(16).padStart(8, "0"),
      hex: `${pairs.slice(0, 8).join(" ")}  ${pairs.slice(8).join(" ")}`.trimEnd().padEnd(48),
      text: Array.from(part, (b) => (b >= 0x20 && b < 0x7f ? String.fromCharCode(b) : "·")).join(""),
    });
  }
  return lines;
}
