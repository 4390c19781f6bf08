/** Requests to the server: token, problem details, JSON. */

/** What the server says when it does not do what was asked (RFC 9457). */
export class Problem extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    sentence: string,
    readonly hint: string,
  ) {
    super(sentence);
  }

  /** No answer came at all. */
  get unreachable(): boolean {
    return this.status === 0;
  }
}

const TOKEN = "watershed.token";
const BASE = "/api/v1";

type Listener = () => void;
const tokenWanted = new Set<Listener>();

export const token = {
  get: () => sessionStorage.getItem(TOKEN),
  set: (text: string) => sessionStorage.setItem(TOKEN, text),
  forget: () => sessionStorage.removeItem(TOKEN),
  /** Calls when the server refused the token, or the lack of one. */
  onWanted(listener: Listener) {
    tokenWanted.add(listener);
    return () => void tokenWanted.delete(listener);
  },
};

export type Query = Record<string, string | number | boolean | null | undefined>;

/** A path with those parameters that have a value. */
export function address(path: string, query: Query = {}): string {
  const parameters = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) {
    if (value !== undefined && value !== null && value !== "") {
      parameters.set(name, String(value));
    }
  }
  const text = parameters.toString();
  return BASE + path + (text ? `?${text}` : "");
}

/** A path segment of any text. */
export const segment = encodeURIComponent;

export type Init = {
  method?: "GET" | "POST" | "DELETE";
  query?: Query;
  body?: unknown;
  signal?: AbortSignal;
  accept?: string;
  /** The same key makes the same request the same, however often it is sent. */
  idempotencyKey?: string;
  /** Sent even when the page is being left. */
  keepalive?: boolean;
};

/** A new one; crypto.randomUUID is there only on HTTPS and on this machine. */
export function newKey(): string {
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (b) => b.toString(16).padStart(2, "0")).join("");
}

/** The answer, or a {@link Problem}. An aborted request rejects with the signal's AbortError. */
export async function send(path: string, init: Init = {}): Promise<Response> {
  const headers = new Headers({ Accept: init.accept ?? "application/json" });
  const known = token.get();
  if (known !== null) {
    headers.set("Authorization", `Bearer ${known}`);
  }
  const method = init.method ?? "GET";
  if (method !== "GET") {
    headers.set("Content-Type", "application/json");
  }
  if (init.idempotencyKey !== undefined) {
    headers.set("Idempotency-Key", init.idempotencyKey);
  }
  let response: Response;
  try {
    response = await fetch(address(path, init.query), {
      method,
      headers,
      body: method === "POST" ? JSON.stringify(init.body ?? {}) : null,
      signal: init.signal ?? null,
      keepalive: init.keepalive ?? false,
      cache: "no-store",
    });
  } catch (e) {
    init.signal?.throwIfAborted();
    throw new Problem(0, "unreachable", "The server does not answer", String(e instanceof Error ? e.message : e));
  }
  if (!response.ok) {
    const problem = await problemOf(response);
    if (response.status === 401) {
      tokenWanted.forEach((listener) => listener());
    }
    throw problem;
  }
  return response;
}

export async function request<T>(path: string, init: Init = {}): Promise<T> {
  const response = await send(path, init);
  return (response.status === 204 ? undefined : await response.json()) as T;
}

async function problemOf(response: Response): Promise<Problem> {
  try {
    const body = (await response.json()) as Record<string, unknown>;
    return problemFrom(body, response.status);
  } catch {
    return new Problem(response.status, "http", `The server answered ${response.status}`, "");
  }
}

/** From a problem's JSON, whatever parts of it are there. */
export function problemFrom(body: Record<string, unknown>, status = 500): Problem {
  const text = (name: string) => (typeof body[name] === "string" ? (body[name] as string) : "");
  return new Problem(
    typeof body.status === "number" ? body.status : status,
    text("code"),
    text("detail") || text("title") || `The server answered ${status}`,
    text("hint"),
  );
}

/** Any error as a problem that can be shown. */
export function asProblem(error: unknown): Problem {
  return error instanceof Problem
    ? error
    : new Problem(0, "page", error instanceof Error ? error.message : String(error), "");
}

/** Starts the download of an answer: by a link, or, when a token has to be sent, by its bytes. */
export async function download(path: string, query: Query, fileName: string) {
  const link = document.createElement("a");
  link.download = fileName;
  if (token.get() === null) {
    link.href = address(path, query);
    link.click();
    return;
  }
  const response = await send(path, { query, accept: "*/*" });
  save(await response.blob(), fileName);
}

export function save(content: Blob, fileName: string) {
  const link = document.createElement("a");
  link.download = fileName;
  link.href = URL.createObjectURL(content);
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}
