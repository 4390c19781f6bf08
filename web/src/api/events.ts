import { asProblem, Problem, type Query, send } from "./http";

/** Server-sent events, read with fetch: EventSource cannot send a token. */
export type ServerEvent = { event: string; data: string };

/** Takes pieces of a stream as they come; gives whole events. Comment lines are heartbeats. */
export class EventParser {
  private rest = "";
  private event = "";
  private data: string[] = [];

  push(piece: string): ServerEvent[] {
    const events: ServerEvent[] = [];
    const lines = (this.rest + piece).split(/\r\n|\n|\r(?!$)/);
    this.rest = lines.pop() ?? "";
    for (const line of lines) {
      if (line === "") {
        if (this.data.length > 0) {
          events.push({ event: this.event || "message", data: this.data.join("\n") });
        }
        this.event = "";
        this.data = [];
      } else if (line.startsWith("event:")) {
        this.event = field(line, "event:");
      } else if (line.startsWith("data:")) {
        this.data.push(field(line, "data:"));
      }
    }
    return events;
  }
}

function field(line: string, name: string): string {
  const value = line.slice(name.length);
  return value.startsWith(" ") ? value.slice(1) : value;
}

/** An event of the window: the server answers, at first or again. */
export const CONNECTED = "watershed-connected";

export type Connection = "connecting" | "open" | "lost" | "closed";

export type Subscription = {
  path: string;
  query?: () => Query;
  onEvent: (event: string, data: unknown) => void;
  onState?: (state: Connection, problem?: Problem) => void;
  /** Whether it connects again when the server ended the stream in order; it always does after a loss. */
  again?: boolean;
};

/** A server that sends nothing, not even a heartbeat, for so long is gone. */
const SILENCE_MILLIS = 40_000;
const FIRST_PAUSE_MILLIS = 500;
const LAST_PAUSE_MILLIS = 10_000;

/** Subscribes until the returned function is called; a lost connection is made again. */
export function subscribe(subscription: Subscription): () => void {
  const stop = new AbortController();
  void follow(subscription, stop.signal);
  return () => stop.abort();
}

async function follow(subscription: Subscription, stopped: AbortSignal) {
  const state = subscription.onState ?? (() => {});
  let pause = FIRST_PAUSE_MILLIS;
  state("connecting");
  while (!stopped.aborted) {
    try {
      await connect(subscription, stopped, () => {
        pause = FIRST_PAUSE_MILLIS;
        state("open");
      });
      if (subscription.again === false) {
        state("closed");
        return;
      }
      state("lost");
    } catch (e) {
      if (stopped.aborted) {
        return;
      }
      const problem = asProblem(e);
      if (problem.status >= 400 && problem.status < 500 && problem.status !== 429) {
        state("closed", problem);
        return;
      }
      state("lost", problem);
    }
    await sleep(pause * (0.8 + 0.4 * Math.random()), stopped);
    pause = Math.min(LAST_PAUSE_MILLIS, pause * 2);
  }
}

async function connect(subscription: Subscription, stopped: AbortSignal, onOpen: () => void) {
  const silence = new AbortController();
  let timer = setTimeout(() => silence.abort(), SILENCE_MILLIS);
  try {
    const response = await send(subscription.path, {
      query: subscription.query?.() ?? {},
      accept: "text/event-stream",
      signal: AbortSignal.any([stopped, silence.signal]),
    });
    if (response.body === null) {
      return;
    }
    onOpen();
    const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
    const parser = new EventParser();
    for (;;) {
      const { done, value } = await reader.read();
      if (done) {
        return;
      }
      clearTimeout(timer);
      timer = setTimeout(() => silence.abort(), SILENCE_MILLIS);
      for (const event of parser.push(value)) {
        subscription.onEvent(event.event, JSON.parse(event.data));
      }
    }
  } finally {
    clearTimeout(timer);
  }
}

function sleep(millis: number, stopped: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, millis);
    stopped.addEventListener("abort", () => {
      clearTimeout(timer);
      resolve();
    });
  });
}
