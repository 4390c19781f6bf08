import { useEffect, useState } from "react";
import { Link, useLocation } from "wouter";
import { request, save, segment } from "../api/http";
import { useLive } from "../api/live";
import type { StreamDetail, StreamRecord, StreamSummary } from "../api/types";
import { useResource } from "../api/useResource";
import { usePageTitle } from "../app/usePageTitle";
import { useQueryState } from "../app/useQueryState";
import { counted } from "../text/format";
import { ActionMenu, Button } from "../ui/controls";
import { Icon } from "../ui/Icon";
import { Empty, Loading, ProblemBox, Receipt, Tag } from "../ui/states";
import { asSql, FILTER_NAMES, type Filters, filtersOf } from "./filters";
import { FilterBar } from "./FilterBar";
import { RecordDetail } from "./RecordDetail";
import { RecordList } from "./RecordList";
import { recordLine } from "./recordText";
import { useRecordPages } from "./useRecordPages";
import { type Tail, useTail } from "./useTail";

/** Records of a stream on both sides of the seam, or as they come. All of it is in the URL. */
export default function BrowsePage() {
  const [query, change] = useQueryState();
  const filters = filtersOf(query);
  usePageTitle(filters.stream ? `Browse ${filters.stream}` : "Browse");
  const streams = useStreams();
  const tailing = query.get("tail") === "1";
  const [paused, setPaused] = useState(false);
  const pages = useRecordPages(filters, !tailing);
  const tail = useTail(filters, tailing, paused);
  const selected = query.get("record");
  const shards = useShards(filters.stream);
  const records = tailing ? tail.records : pages.records;
  const close = () => change({ record: null });

  const first = streams?.[0]?.stream;
  useEffect(() => {
    if (filters.stream === "" && first !== undefined) {
      change({ stream: first });
    }
  }, [filters.stream, first, change]);

  if (streams?.length === 0) {
    return (
      <main className="main">
        <Empty title="No streams to browse">
          <Link href="/streams">To the streams</Link>
        </Empty>
      </main>
    );
  }
  return (
    <main className="main" data-fill="">
      <h1 className="visually-hidden">Browse</h1>
      <FilterBar filters={filters} streams={streams?.map((s) => s.stream) ?? []} shards={shards} tailing={tailing} onChange={change} />
      <div className="browse" data-detail={selected === null ? undefined : ""}>
        <section className="panel browse-list" aria-label="Found records">
          <header>
            {tailing ? (
              <TailState tail={tail} paused={paused} onPause={setPaused} />
            ) : (
              <span className="dim">
                {pages.loading && records.length === 0 ? "Searching…" : `${counted(records.length, "record")}${pages.more ? ", more below" : ""}`}
              </span>
            )}
            {!tailing && pages.receipt && <Receipt receipt={pages.receipt} />}
            <span className="push" />
            {!tailing && <Button kind="quiet" icon="replay" label="Search again, up to now" onPress={pages.reload} />}
            <ExportMenu filters={filters} records={records} />
          </header>
          {!tailing && pages.problem && (
            <div className="body">
              <ProblemBox problem={pages.problem} onRetry={pages.reload} />
            </div>
          )}
          {tailing && tail.problem && tail.connection !== "lost" && (
            <div className="body">
              <ProblemBox problem={tail.problem} />
            </div>
          )}
          {tailing &&
            tail.notices.map((notice, index) => (
              <p key={index} className="notice">
                <Icon name="warning" /> {notice}
              </p>
            ))}
          {records.length > 0 ? (
            <RecordList
              records={records}
              selected={selected}
              onSelect={(record) => change({ record })}
              onClose={close}
              follow={tailing && !paused && selected === null}
              {...(tailing ? {} : { onEnd: pages.loadMore })}
            />
          ) : (
            <Nothing filters={filters} tailing={tailing} loading={pages.loading} failed={(tailing ? tail.problem : pages.problem) !== undefined} onClear={() => change(Object.fromEntries(FILTER_NAMES.map((name) => [name, null])))} />
          )}
        </section>
        {selected !== null && filters.stream !== "" && <RecordDetail stream={filters.stream} position={selected} onClose={close} />}
      </div>
    </main>
  );
}

function useStreams(): StreamSummary[] | undefined {
  const live = useLive();
  const asked = useResource("streams", (signal) => request<{ streams: StreamSummary[] }>("/streams", { signal }));
  return live.streams ?? asked.value?.streams;
}

function useShards(stream: string): string[] {
  const asked = useResource(`shards/${stream}`, (signal) => request<StreamDetail>(`/streams/${segment(stream)}`, { signal }), { enabled: stream !== "" });
  return asked.value?.lineage.map((shard) => shard.shard) ?? [];
}

function Nothing({ filters, tailing, loading, failed, onClear }: { filters: Filters; tailing: boolean; loading: boolean; failed: boolean; onClear: () => void }) {
  if (failed) {
    return null;
  }
  if (tailing) {
    return <Empty title="Waiting for the next record…">What comes into the stream from now on shows here.</Empty>;
  }
  if (loading) {
    return <Loading>Reading archive and stream…</Loading>;
  }
  const filtered = FILTER_NAMES.some((name) => filters[name] !== "");
  return (
    <Empty title="No records">
      <p>{filtered ? "Nothing in the archive or the stream matches these filters." : "Neither the archive nor the stream has any."}</p>
      {filtered && <Button onPress={onClear}>Clear the filters</Button>}
    </Empty>
  );
}

function TailState({ tail, paused, onPause }: { tail: Tail; paused: boolean; onPause: (paused: boolean) => void }) {
  return (
    <>
      <Button icon={paused ? "play" : "pause"} pressed={paused} onPress={() => onPause(!paused)}>
        {paused ? "Go on" : "Pause"}
      </Button>
      <span className="row" role="status">
        {tail.connection === "lost" ? (
          <Tag tone="danger">connection lost, reconnecting</Tag>
        ) : tail.connection === "closed" ? (
          <Tag tone="danger">ended</Tag>
        ) : paused ? (
          <Tag tone="warn">paused, {counted(tail.waiting, "record")} waiting</Tag>
        ) : (
          <Tag tone="live">live</Tag>
        )}
        <span className="dim">{counted(tail.records.length, "record")}</span>
        {tail.skipped > 0 && <Tag tone="warn">{counted(tail.skipped, "record")} skipped: too fast for this page</Tag>}
      </span>
    </>
  );
}

function ExportMenu({ filters, records }: { filters: Filters; records: StreamRecord[] }) {
  const [, navigate] = useLocation();
  return (
    <ActionMenu
      label="Export"
      icon="download"
      choices={[
        { id: "ndjson", text: `${counted(records.length, "record")} shown, as NDJSON` },
        { id: "sql", text: "All that match, as SQL", hint: "CSV, Parquet, …" },
      ]}
      onAction={(id) => {
        if (id === "sql") {
          navigate(`/sql?q=${segment(asSql(filters))}`);
        } else {
          save(new Blob(records.map((record) => `${recordLine(record)}\n`), { type: "application/x-ndjson" }), `${filters.stream}.ndjson`);
        }
      }}
    />
  );
}
