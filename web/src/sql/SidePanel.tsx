import { useState } from "react";
import type { Schema } from "../api/types";
import { identifier } from "../browse/filters";
import { count, duration, time } from "../text/format";
import { visible } from "../text/payload";
import { Button, Tabs } from "../ui/controls";
import { Icon } from "../ui/Icon";
import { Empty } from "../ui/states";
import type { HistoryEntry, Saved } from "./stored";

type Props = {
  schema: Schema | undefined;
  history: HistoryEntry[];
  saved: Saved[];
  onUse: (sql: string) => void;
  onRemove: (name: string) => void;
  onClear: () => void;
};

/** What there is to ask, and what was asked. */
export function SidePanel({ schema, history, saved, onUse, onRemove, onClear }: Props) {
  return (
    <aside className="panel sql-side" aria-label="Tables and statements">
      <Tabs
        label="Tables and statements"
        tabs={[
          { id: "tables", text: "Tables", content: <Tables schema={schema} onUse={onUse} /> },
          { id: "history", text: "History", content: <History history={history} onUse={onUse} onClear={onClear} /> },
          { id: "saved", text: "Saved", content: <SavedList saved={saved} onUse={onUse} onRemove={onRemove} /> },
        ]}
      />
    </aside>
  );
}

function Tables({ schema, onUse }: { schema: Schema | undefined; onUse: (sql: string) => void }) {
  const [open, setOpen] = useState<string>();
  if (!schema) {
    return <p className="dim body-text">Reading the schema…</p>;
  }
  return (
    <ul className="side-list">
      {schema.tables.map((table) => (
        <li key={table.name}>
          <div className="side-line">
            <button type="button" className="plain cut" aria-expanded={open === table.name} onClick={() => setOpen(open === table.name ? undefined : table.name)}>
              <Icon name={open === table.name ? "down" : "right"} />
              <span className="mono cut">{table.name}</span>
            </button>
            <Button kind="quiet" icon="sql" label={`Ask ${table.name}`} onPress={() => onUse(`SELECT *\nFROM ${table.name.split(".").map(identifier).join(".")}\nLIMIT 100`)} />
          </div>
          {open === table.name && (
            <ul className="column-list mono">
              {table.columns.map((column) => (
                <li key={column.name}>
                  <span className="cut">{visible(column.name)}</span>
                  <span className="dim cut" title={column.type}>
                    {column.type.toLowerCase()}
                  </span>
                </li>
              ))}
            </ul>
          )}
        </li>
      ))}
    </ul>
  );
}

function History({ history, onUse, onClear }: { history: HistoryEntry[]; onUse: (sql: string) => void; onClear: () => void }) {
  if (history.length === 0) {
    return <Empty title="Nothing asked yet">Statements that you run are kept here, in this browser.</Empty>;
  }
  return (
    <ul className="side-list">
      {history.map((entry) => (
        <li key={entry.sql}>
          <button type="button" className="plain statement" onClick={() => onUse(entry.sql)}>
            <code className="clamp">{visible(entry.sql)}</code>
            <span className="dim">
              {time(entry.at).slice(0, 19)}
              {entry.failed ? ", failed" : `, ${count(entry.rows)} rows in ${duration((entry.millis ?? 0) / 1000)}`}
            </span>
          </button>
        </li>
      ))}
      <li>
        <Button kind="quiet" icon="trash" onPress={onClear}>
          Forget all
        </Button>
      </li>
    </ul>
  );
}

function SavedList({ saved, onUse, onRemove }: { saved: Saved[]; onUse: (sql: string) => void; onRemove: (name: string) => void }) {
  if (saved.length === 0) {
    return <Empty title="Nothing saved yet">Save a statement to find it here by its name, in this browser.</Empty>;
  }
  return (
    <ul className="side-list">
      {saved.map((entry) => (
        <li key={entry.name} className="side-line">
          <button type="button" className="plain statement" onClick={() => onUse(entry.sql)}>
            <strong>{visible(entry.name)}</strong>
            <code className="clamp dim">{visible(entry.sql)}</code>
          </button>
          <Button kind="quiet" icon="trash" label={`Forget ${entry.name}`} onPress={() => onRemove(entry.name)} />
        </li>
      ))}
    </ul>
  );
}
