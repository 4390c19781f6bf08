/**
 * JSON as it was written: numbers keep their digits, members their order and their repetitions,
 * and no name means anything (`__proto__` is text). JSON.parse keeps none of that.
 */
export type JsonNode =
  | { kind: "object"; members: { name: string; value: JsonNode }[] }
  | { kind: "array"; items: JsonNode[] }
  | { kind: "string"; text: string }
  | { kind: "number"; text: string }
  | { kind: "literal"; text: "true" | "false" | "null" };

const MAX_DEPTH = 200;
const NUMBER = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
const STRING = /"(?:[^"\\\u0000-\u001f]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*"/y;
const SPACE = /[ \t\n\r]*/y;
const LITERAL = /true|false|null/y;

class NotJson extends Error {}

/** The value, or undefined when the text is not one JSON value (or one nested too deeply). */
export function parseJson(text: string): JsonNode | undefined {
  try {
    return new Reader(text).document();
  } catch (e) {
    if (e instanceof NotJson) {
      return undefined;
    }
    throw e;
  }
}

class Reader {
  private at = 0;

  constructor(private readonly text: string) {}

  document(): JsonNode {
    const value = this.value(0);
    this.take(SPACE);
    if (this.at !== this.text.length) {
      throw new NotJson();
    }
    return value;
  }

  private value(depth: number): JsonNode {
    if (depth > MAX_DEPTH) {
      throw new NotJson();
    }
    this.take(SPACE);
    switch (this.text[this.at]) {
      case "{":
        return this.object(depth);
      case "[":
        return this.array(depth);
      case '"':
        return { kind: "string", text: this.string() };
      case "t":
      case "f":
      case "n":
        return { kind: "literal", text: this.expect(LITERAL) as "true" | "false" | "null" };
      default:
        return { kind: "number", text: this.expect(NUMBER) };
    }
  }

  private object(depth: number): JsonNode {
    const members: { name: string; value: JsonNode }[] = [];
    this.at++;
    if (this.closes("}")) {
      return { kind: "object", members };
    }
    do {
      this.take(SPACE);
      const name = this.string();
      this.take(SPACE);
      this.symbol(":");
      members.push({ name, value: this.value(depth + 1) });
    } while (this.continues("}"));
    return { kind: "object", members };
  }

  private array(depth: number): JsonNode {
    const items: JsonNode[] = [];
    this.at++;
    if (this.closes("]")) {
      return { kind: "array", items };
    }
    do {
      items.push(this.value(depth + 1));
    } while (this.continues("]"));
    return { kind: "array", items };
  }

  private string(): string {
    return JSON.parse(this.expect(STRING)) as string;
  }

  private closes(end: string): boolean {
    this.take(SPACE);
    if (this.text[this.at] !== end) {
      return false;
    }
    this.at++;
    return true;
  }

  private continues(end: string): boolean {
    if (this.closes(end)) {
      return false;
    }
    this.symbol(",");
    return true;
  }

  private symbol(expected: string) {
    if (this.text[this.at] !== expected) {
      throw new NotJson();
    }
    this.at++;
  }

  private expect(pattern: RegExp): string {
    const found = this.take(pattern);
    if (found === undefined || found === "") {
      throw new NotJson();
    }
    return found;
  }

  private take(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.at;
    const found = pattern.exec(this.text)?.[0];
    this.at += found?.length ?? 0;
    return found;
  }
}

/** How many members or items a node has; 0 for a plain value. */
export function size(node: JsonNode): number {
  return node.kind === "object"
    ? node.members.length
    : node.kind === "array"
      ? node.items.length
      : 0;
}

/** Indented, with the digits of every number as they came. */
export function print(node: JsonNode, indent = ""): string {
  const deeper = `${indent}  `;
  switch (node.kind) {
    case "object":
      return node.members.length === 0
        ? "{}"
        : `{\n${node.members.map((m) => `${deeper}${JSON.stringify(m.name)}: ${print(m.value, deeper)}`).join(",\n")}\n${indent}}`;
    case "array":
      return node.items.length === 0
        ? "[]"
        : `[\n${node.items.map((item) => deeper + print(item, deeper)).join(",\n")}\n${indent}]`;
    case "string":
      return JSON.stringify(node.text);
    default:
      return node.text;
  }
}

/** The value of a member; of several of one name the first. */
export function member(node: JsonNode, name: string): JsonNode | undefined {
  return node.kind === "object" ? node.members.find((each) => each.name === name)?.value : undefined;
}

/** A string without its quotes, anything else as it is written. */
export function textOf(node: JsonNode): string {
  return node.kind === "string" ? node.text : print(node);
}
