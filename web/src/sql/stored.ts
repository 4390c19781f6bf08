/** Statements that this browser remembers. */
export type HistoryEntry = { sql: string; at: string; rows?: number; millis?: number; failed?: boolean };
export type Saved = { name: string; sql: string };

const HISTORY = "watershed.sql.history";
const SAVED = "watershed.sql.saved";
const DRAFT = "watershed.sql.draft";
const MAX_HISTORY = 200;
const MAX_SAVED = 500;

function read<T>(key: string): T[] {
  try {
    const value: unknown = JSON.parse(localStorage.getItem(key) ?? "[]");
    return Array.isArray(value) ? (value as T[]) : [];
  } catch {
    return [];
  }
}

/** A full or forbidden storage only means that nothing is remembered. */
function write(key: string, text: string) {
  try {
    localStorage.setItem(key, text);
  } catch {
    // Nothing depends on it.
  }
}

export const statementHistory = {
  list: () => read<HistoryEntry>(HISTORY).filter((entry) => typeof entry.sql === "string"),
  /** The newest first; the same statement again moves up. */
  add(entry: HistoryEntry): HistoryEntry[] {
    const next = [entry, ...statementHistory.list().filter((old) => old.sql !== entry.sql)].slice(0, MAX_HISTORY);
    write(HISTORY, JSON.stringify(next));
    return next;
  },
  clear(): HistoryEntry[] {
    write(HISTORY, "[]");
    return [];
  },
};

export const savedStatements = {
  list: () => read<Saved>(SAVED).filter((entry) => typeof entry.sql === "string" && typeof entry.name === "string"),
  put(saved: Saved): Saved[] {
    const others = savedStatements.list().filter((old) => old.name !== saved.name);
    const next = [...others, saved].sort((a, b) => a.name.localeCompare(b.name)).slice(0, MAX_SAVED);
    write(SAVED, JSON.stringify(next));
    return next;
  },
  remove(name: string): Saved[] {
    const next = savedStatements.list().filter((old) => old.name !== name);
    write(SAVED, JSON.stringify(next));
    return next;
  },
};

export const draft = {
  get: () => localStorage.getItem(DRAFT) ?? "",
  set: (sql: string) => write(DRAFT, sql),
};
