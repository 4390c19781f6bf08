import { useCallback, useEffect, useRef, useState } from "react";
import { asProblem, download, type Problem, request, segment } from "../api/http";
import type { Schema, Statement } from "../api/types";
import { useResource } from "../api/useResource";
import { useServer } from "../app/server";
import { usePageTitle } from "../app/usePageTitle";
import { useQueryState } from "../app/useQueryState";
import { bytes, count, counted, duration, percent } from "../text/format";
import { ActionMenu, Button, CopyButton, Dialog, Select, TextField } from "../ui/controls";
import { Icon } from "../ui/Icon";
import { Empty, ProblemBox, ProgressBar, Receipt, Tag } from "../ui/states";
import { useNow } from "../ui/useNow";
import { ResultChart } from "./ResultChart";
import { ResultGrid } from "./ResultGrid";
import { useRows } from "./rows";
import { SidePanel } from "./SidePanel";
import { SqlEditor } from "./SqlEditor";
import { draft, savedStatements, statementHistory } from "./stored";
import { type Run, useStatement } from "./useStatement";

const LIVE = [
  { id: "auto", text: "archive and live", hint: "if it answers" },
  { id: "require", text: "live or an error" },
  { id: "off", text: "archive only" },
];

const ENGINES = [
  { id: "duckdb", text: "DuckDB", hint: "in this server" },
  { id: "drill", text: "Apache Drill", hint: "on its cluster" },
];

/** Statements over archive and stream. The statement, its cut and its mode are in the URL. */
export default function SqlPage() {
  usePageTitle("SQL");
  const [query, change] = useQueryState();
  const asked = query.get("q");
  const asOf = query.get("as_of") ?? "";
  const live = query.get("live") ?? "auto";
  const server = useServer();
  const engine = query.get("engine") ?? server?.engine ?? "duckdb";
  const [text, setText] = useState(asked ?? draft.get());
  const [history, setHistory] = useState(statementHistory.list);
  const [saved, setSaved] = useState(savedStatements.list);
  const [naming, setNaming] = useState(false);
  const schema = useResource("schema", (signal) => request<Schema>("/schema", { signal }));

  const { run, start, cancel } = useStatement(
    useCallback((ended: Run) => {
      const rows = ended.statement?.state === "done" ? ended.statement.rows : undefined;
      setHistory(
        statementHistory.add({ sql: ended.sql, at: new Date().toISOString(), millis: (ended.endedAt ?? 0) - ended.startedAt, ...(rows === undefined ? { failed: true } : { rows }) }),
      );
    }, []),
  );

  const known = useRef(asked);
  useEffect(() => {
    if (asked !== null && asked !== known.current) {
      setText(asked);
    }
    known.current = asked;
  }, [asked]);
  useEffect(() => draft.set(text), [text]);

  const ask = (sql: string, cut: string) => {
    if (sql.trim() !== "") {
      known.current = sql;
      change({ q: sql, as_of: cut || null });
      void start({ sql, asOf: cut, live, engine: query.get("engine") });
    }
  };
  return (
    <main className="main sql-page" data-fill="">
      <h1 className="visually-hidden">SQL</h1>
      <SidePanel
        schema={schema.value}
        history={history}
        saved={saved}
        onUse={setText}
        onRemove={(name) => setSaved(savedStatements.remove(name))}
        onClear={() => setHistory(statementHistory.clear())}
      />
      <div className="sql-work">
        <section className="panel sql-statement" aria-label="Statement">
          <SqlEditor value={text} schema={schema.value} onChange={setText} onRun={(sql) => ask(sql, asOf)} />
          <div className="row sql-actions">
            {run?.running ? (
              <Button icon="stop" kind="danger" onPress={cancel}>
                Cancel
              </Button>
            ) : (
              <Button icon="play" kind="primary" keys="Ctrl ⏎" disabled={text.trim() === ""} onPress={() => ask(text, asOf)}>
                Run
              </Button>
            )}
            <Select label="Live records" hidden value={live} choices={LIVE} onChange={(id) => change({ live: id === "auto" ? null : id })} />
            {server && server.engines.length > 1 && (
              <Select label="Engine" hidden value={engine} choices={ENGINES} onChange={(id) => change({ engine: id === server.engine ? null : id })} />
            )}
            {asOf && (
              <span className="tag" data-tone="archive" title={asOf}>
                as of {asOf.length > 22 ? `${asOf.slice(0, 20)}…` : asOf}
                <button type="button" className="plain" aria-label="Ask as of now" onClick={() => change({ as_of: null })}>
                  <Icon name="close" />
                </button>
              </span>
            )}
            <span className="push" />
            <Button kind="quiet" icon="star" onPress={() => setNaming(true)} disabled={text.trim() === ""}>
              Save
            </Button>
            <CopyButton text={() => shareLink(text, asOf)} label="Copy a link to this statement">
              Link
            </CopyButton>
          </div>
        </section>
        <section className="panel sql-result" aria-label="Result of the statement">
          {run ? <Outcome run={run} onAgain={(receipt) => ask(run.sql, receipt)} /> : <Empty title="No result yet">Run a statement with Ctrl+Enter. Each table on the left has a first one.</Empty>}
        </section>
      </div>
      {naming && (
        <NameDialog
          onClose={() => setNaming(false)}
          onName={(name) => {
            setSaved(savedStatements.put({ name, sql: text }));
            setNaming(false);
          }}
        />
      )}
    </main>
  );
}

function shareLink(sql: string, asOf: string): string {
  return `${window.location.origin}/sql?q=${segment(sql)}${asOf ? `&as_of=${segment(asOf)}` : ""}`;
}

function NameDialog({ onName, onClose }: { onName: (name: string) => void; onClose: () => void }) {
  const [name, setName] = useState("");
  return (
    <Dialog title="Save the statement" onClose={onClose}>
      <form
        className="stack"
        onSubmit={(e) => {
          e.preventDefault();
          if (name.trim()) {
            onName(name.trim());
          }
        }}
      >
        <TextField label="Name" value={name} onChange={setName} autoFocus hint="A statement of the same name is replaced." />
        <div className="row">
          <span className="push" />
          <Button kind="primary" type="submit" disabled={!name.trim()}>
            Save
          </Button>
        </div>
      </form>
    </Dialog>
  );
}

function Outcome({ run, onAgain }: { run: Run; onAgain: (receipt: string) => void }) {
  const { statement } = run;
  if (run.running) {
    return <Working run={run} />;
  }
  if (run.problem) {
    return (
      <div className="body">
        <ProblemBox problem={run.problem} />
      </div>
    );
  }
  if (statement?.state === "done") {
    return <Result key={statement.id} run={run} statement={statement} onAgain={onAgain} />;
  }
  return <Empty title="Cancelled">The statement was stopped after {duration(((run.endedAt ?? run.startedAt) - run.startedAt) / 1000)}.</Empty>;
}

const STEPS: Record<string, string> = {
  check: "checking the statement",
  cut: "reading the streams up to now",
  files: "choosing files",
  run: "running",
};

function Working({ run }: { run: Run }) {
  const now = useNow(100);
  const statement = run.statement;
  const fraction = statement?.fraction ?? null;
  const step = statement?.state === "queued" ? "waiting for its turn" : (STEPS[statement?.step ?? ""] ?? "sending");
  return (
    <div className="sql-working" role="status" aria-live="off">
      <ProgressBar fraction={fraction} label="Progress of the statement" />
      <p>
        {run.lost ? <Tag tone="danger">connection lost, asking again</Tag> : step}
        {fraction !== null && `, ${percent(fraction)}`}
        <span className="dim"> {duration(Math.round((now - run.startedAt) / 100) / 10)}</span>
      </p>
    </div>
  );
}

function Result({ run, statement, onAgain }: { run: Run; statement: Statement; onAgain: (receipt: string) => void }) {
  const [tab, setTab] = useState("rows");
  const [problem, setProblem] = useState<Problem>();
  const rows = useRows(statement.id);
  const receipt = statement.receipt;
  return (
    <>
      <header>
        <span role="status">
          <strong>{counted(statement.rows, "row")}</strong> <span className="dim">in {duration(((run.endedAt ?? run.startedAt) - run.startedAt) / 1000)}, {bytes(statement.bytes)}</span>
        </span>
        {statement.truncated && <Tag tone="warn">cut at {count(statement.rows)} rows</Tag>}
        {receipt && (
          <>
            <Receipt receipt={receipt} />
            <Button kind="quiet" icon="clock" onPress={() => onAgain(receipt)}>
              Run again as of
            </Button>
          </>
        )}
        <span className="push" />
        <Button kind="quiet" icon="chart" pressed={tab === "chart"} onPress={() => setTab(tab === "chart" ? "rows" : "chart")}>
          Chart
        </Button>
        <ActionMenu
          label="Export"
          icon="download"
          choices={[
            { id: "csv", text: "CSV" },
            { id: "ndjson", text: "NDJSON" },
            { id: "json", text: "JSON" },
            { id: "parquet", text: "Parquet" },
          ]}
          onAction={(format) => {
            setProblem(undefined);
            download(`/statements/${segment(statement.id)}/export`, { format }, `result.${format}`).catch((e: unknown) => setProblem(asProblem(e)));
          }}
        >
          Export
        </ActionMenu>
      </header>
      {statement.notes.map((note) => (
        <p key={note} className="notice">
          <Icon name="warning" /> {note}
        </p>
      ))}
      {problem && (
        <div className="body">
          <ProblemBox problem={problem} />
        </div>
      )}
      {tab === "chart" ? (
        <ResultChart statement={statement.id} columns={statement.columns} total={statement.rows} />
      ) : statement.rows === 0 ? (
        <Empty title="No rows">Nothing in archive and stream matches.</Empty>
      ) : (
        <ResultGrid columns={statement.columns} total={statement.rows} rows={rows} />
      )}
    </>
  );
}
