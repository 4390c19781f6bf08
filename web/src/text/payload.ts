import { type JsonNode, parseJson } from "./json";

/** The bytes of a record, and what can be made of them. */
export type Payload = {
  bytes: Uint8Array;
  /** Absent when the bytes are no UTF-8. */
  text: string | undefined;
  /** Absent when the text is no JSON value. */
  json: JsonNode | undefined;
};

export function decodePayload(base64: string): Payload {
  const bytes = fromBase64(base64);
  const text = utf8(bytes);
  return { bytes, text, json: text === undefined ? undefined : parseJson(text) };
}

export function fromBase64(base64: string): Uint8Array {
  const binary = atob(base64);
  const bytes = new Uint8Array(binary.length);
  for (let i = 0; i < binary.length; i++) {
    bytes[i] = binary.charCodeAt(i);
  }
  return bytes;
}

export function utf8(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return undefined;
  }
}

/** The beginning in one line, with control characters shown, for lists. */
export function oneLine(base64: string, maxChars: number): string {
  // Four characters hold three bytes; a character is at most four bytes.
  const whole = Math.min(base64.length, Math.ceil((maxChars * 4) / 3) * 4);
  const bytes = fromBase64(base64.slice(0, whole));
  const text = utf8(bytes) ?? (whole < base64.length ? utf8Prefix(bytes) : undefined);
  if (text === undefined) {
    return hexPrefix(bytes, Math.floor(maxChars / 3));
  }
  return visible(text).slice(0, maxChars);
}

/** Text that a cut may have ended within a character. */
function utf8Prefix(bytes: Uint8Array): string | undefined {
  for (let cut = 1; cut <= 3; cut++) {
    const text = utf8(bytes.subarray(0, bytes.length - cut));
    if (text !== undefined) {
      return text;
    }
  }
  return undefined;
}

function hexPrefix(bytes: Uint8Array, max: number): string {
  return Array.from(bytes.subarray(0, max), (b) => b.toString(16).padStart(2, "0")).join(" ");
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
