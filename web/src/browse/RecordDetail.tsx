import { useMemo, useState } from "react";
import { useLocation } from "wouter";
import { request, save, segment } from "../api/http";
import type { WholeRecord } from "../api/types";
import { useResource } from "../api/useResource";
import { bytes, shortPosition, time } from "../text/format";
import { print } from "../text/json";
import { decodePayload, hexLines, type Payload, reveal, visible } from "../text/payload";
import { Button, CopyButton, Tabs } from "../ui/controls";
import { Loading, ProblemBox, Tag } from "../ui/states";
import { identifier, literal } from "./filters";
import { JsonTree } from "./JsonTree";
import { recordLine } from "./recordText";

const HEX_BYTES = 64 * 1024;
const RAW_CHARS = 512 * 1024;

/** One record, whole. */
export function RecordDetail({ stream, position, onClose }: { stream: string; position: string; onClose: () => void }) {
  const path = `/streams/${segment(stream)}/records/${segment(position)}`;
  const asked = useResource(path, (signal) => request<WholeRecord>(path, { signal }));
  return (
    <section className="panel record-detail" aria-label="Record">
      <header>
        <h2 className="cut mono" title={position}>
          {shortPosition(position)}
        </h2>
        <CopyButton text={() => linkTo(stream, position)} label="Copy a link to this record">
          Link
        </CopyButton>
        <Button kind="quiet" icon="close" label="Close the record" onPress={onClose} />
      </header>
      {asked.problem && (
        <div className="body">
          <ProblemBox problem={asked.problem} onRetry={asked.reload} />
        </div>
      )}
      {asked.loading && !asked.value && <Loading />}
      {asked.value && <Content stream={stream} record={asked.value} />}
    </section>
  );
}

function linkTo(stream: string, position: string): string {
  return `${window.location.origin}/browse?stream=${segment(stream)}&record=${segment(position)}`;
}

function Content({ stream, record }: { stream: string; record: WholeRecord }) {
  const payload = useMemo(() => decodePayload(record), [record]);
  const [, navigate] = useLocation();
  const { columns, ...fields } = record;
  return (
    <>
      <dl className="facts body">
        <dt>key</dt>
        <dd className="mono">{visible(record.partition_key)}</dd>
        <dt>arrived</dt>
        <dd className="mono">{time(record.arrival_time)}</dd>
        <dt>side</dt>
        <dd className="row">
          <Tag tone={record.side}>{record.side === "live" ? "live, only in the stream" : "archived"}</Tag>
          <span className="dim">{bytes(record.bytes)}</span>
        </dd>
        {record.decode_error && (
          <>
            <dt>not understood</dt>
            <dd>{visible(record.decode_error)}</dd>
          </>
        )}
        {record.replay_id && (
          <>
            <dt>replayed by</dt>
            <dd className="mono">{record.replay_id}</dd>
          </>
        )}
        {record.origin && (
          <>
            <dt>origin</dt>
            <dd className="mono">{visible(record.origin)}</dd>
          </>
        )}
      </dl>
      <div className="row record-actions">
        <CopyButton text={() => payload.text ?? record.payload_base64 ?? ""} label="Copy the payload">
          Payload
        </CopyButton>
        <CopyButton text={() => recordLine(fields)} label="Copy the record as JSON">
          Record
        </CopyButton>
        <Button kind="quiet" icon="download" label="Download the payload's bytes" onPress={() => save(new Blob([payload.bytes as BlobPart]), `${stream}-${record.sequence}-${record.sub}.bin`)}>
          Bytes
        </Button>
        <Button kind="quiet" icon="sql" label="Ask for this key in SQL" onPress={() => navigate(`/sql?q=${segment(sameKey(stream, record))}`)}>
          Same key
        </Button>
      </div>
      <PayloadTabs key={record.position} payload={payload} columns={columns} />
    </>
  );
}

function sameKey(stream: string, record: WholeRecord): string {
  return `SELECT *\nFROM ${identifier(stream)}\nWHERE _partition_key = ${literal(record.partition_key)}\nORDER BY _sequence_number`;
}

function PayloadTabs({ payload, columns }: { payload: Payload; columns: Record<string, unknown> | undefined }) {
  const first = payload.json ? "tree" : payload.text !== undefined ? "raw" : "hex";
  const [tab, setTab] = useState(first);
  return (
    <Tabs
      label="The payload as"
      selected={tab}
      onSelect={setTab}
      tabs={[
        ...(payload.json ? [{ id: "tree", text: "Tree", content: <JsonTree node={payload.json} /> }] : []),
        ...(payload.text !== undefined ? [{ id: "raw", text: "Raw", content: <Raw payload={payload} /> }] : []),
        { id: "hex", text: "Hex", content: <Hex content={payload.bytes} /> },
        ...(columns ? [{ id: "columns", text: "Columns", content: <Columns columns={columns} /> }] : []),
      ]}
    />
  );
}

function Raw({ payload }: { payload: Payload }) {
  const [pretty, setPretty] = useState(false);
  const text = pretty && payload.json ? print(payload.json) : (payload.text ?? "");
  return (
    <div className="raw">
      {payload.json && (
        <Button kind="quiet" pressed={pretty} onPress={() => setPretty(!pretty)}>
          Indent
        </Button>
      )}
      <pre>{reveal(text.slice(0, RAW_CHARS))}</pre>
      {text.length > RAW_CHARS && <p className="dim">The rest is in the download.</p>}
    </div>
  );
}

function Hex({ content }: { content: Uint8Array }) {
  const lines = useMemo(() => hexLines(content, HEX_BYTES), [content]);
  return (
    <div className="hex">
      <pre>
        {lines.map((line) => (
          <div key={line.offset}>
            <span className="dim">{line.offset}</span>
            {"  "}
            {line.hex}
            {"  "}
            <span className="ascii">{line.text}</span>
          </div>
        ))}
      </pre>
      {content.length > HEX_BYTES && <p className="dim">The first {bytes(HEX_BYTES)} of {bytes(content.length)}; all of them are in the download.</p>}
    </div>
  );
}

function Columns({ columns }: { columns: Record<string, unknown> }) {
  return (
    <dl className="facts body mono">
      {Object.entries(columns).map(([name, value]) => (
        <div key={name} style={{ display: "contents" }}>
          <dt>{visible(name)}</dt>
          <dd className={value === null ? "dim" : ""}>{value === null ? "NULL" : reveal(typeof value === "object" ? JSON.stringify(value) : String(value))}</dd>
        </div>
      ))}
    </dl>
  );
}
