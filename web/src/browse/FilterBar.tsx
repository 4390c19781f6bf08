import { useEffect, useRef, useState } from "react";
import { shardNumber } from "../text/format";
import { Button, Select, TextField } from "../ui/controls";
import type { Filters } from "./filters";

type Props = {
  filters: Filters;
  streams: string[];
  shards: string[];
  tailing: boolean;
  onChange: (changes: Record<string, string | null>) => void;
};

const ANY = "*";

/** What to look for. `/` goes to the condition, from anywhere on the page. */
export function FilterBar({ filters, streams, shards, tailing, onChange }: Props) {
  const form = useRef<HTMLFormElement>(null);
  useEffect(() => {
    const onKey = (e: KeyboardEvent) => {
      const typing = e.target instanceof HTMLElement && e.target.closest("input, textarea, [contenteditable]");
      if (e.key === "/" && !typing) {
        e.preventDefault();
        form.current?.querySelector<HTMLInputElement>(".where input")?.focus();
      }
    };
    window.addEventListener("keydown", onKey);
    return () => window.removeEventListener("keydown", onKey);
  }, []);
  const change = (changes: Record<string, string | null>) => onChange({ ...changes, record: null });
  return (
    <form ref={form} className="panel filter-bar" role="search" onSubmit={(e) => e.preventDefault()}>
      <Select label="Stream" value={filters.stream || null} choices={streams.map((id) => ({ id, text: id }))} onChange={(stream) => change({ stream, shard: null })} />
      {!tailing && (
        <>
          <Typed name="from" label="From" value={filters.from} placeholder="2h, 2026-11-28T10:00Z" onChange={change} />
          <Typed name="to" label="To" value={filters.to} placeholder="now" onChange={change} />
          <Select
            label="Shard"
            value={filters.shard || ANY}
            choices={[{ id: ANY, text: "all" }, ...withCurrent(shards, filters.shard).map((id) => ({ id, text: shardNumber(id), hint: id }))]}
            onChange={(shard) => change({ shard: shard === ANY ? null : shard })}
          />
        </>
      )}
      <Typed name="key" label="Partition key" value={filters.key} onChange={change} mono />
      <div className="where">
        <Typed name="where" label="Condition (SQL)" value={filters.where} placeholder="status = 'failed' AND amount > 100" onChange={change} mono />
      </div>
      {!tailing && (
        <Select
          label="Order"
          value={filters.order}
          choices={[
            { id: "newest", text: "newest first" },
            { id: "oldest", text: "oldest first" },
          ]}
          onChange={(order) => change({ order: order === "newest" ? null : order })}
        />
      )}
      <div className="tail-switch">
        <Button icon={tailing ? "stop" : "play"} pressed={tailing} onPress={() => change({ tail: tailing ? null : "1" })}>
          Live tail
        </Button>
      </div>
    </form>
  );
}

function withCurrent(shards: string[], current: string): string[] {
  return current === "" || shards.includes(current) ? shards : [...shards, current];
}

const TYPING_MILLIS = 500;

/** A field whose text becomes the filter when the person pauses, or at Enter. */
function Typed({ name, label, value, placeholder, mono, onChange }: { name: string; label: string; value: string; placeholder?: string; mono?: boolean; onChange: (changes: Record<string, string | null>) => void }) {
  const [text, setText] = useState(value);
  const latest = useRef(onChange);
  latest.current = onChange;
  useEffect(() => setText(value), [value]);
  useEffect(() => {
    if (text === value) {
      return;
    }
    const timer = setTimeout(() => latest.current({ [name]: text }), TYPING_MILLIS);
    return () => clearTimeout(timer);
  }, [text, value, name]);
  return <TextField label={label} value={text} onChange={setText} placeholder={placeholder ?? ""} mono={mono ?? false} />;
}
