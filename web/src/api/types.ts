/** What the server's answers look like: docs/server.md and /api/v1/openapi.json. Times are RFC 3339. */

export type Role = "read" | "operate";

export type ServerFacts = {
  version: string;
  started_at: string;
  reservoir: string;
  archiving: boolean;
  role: Role;
  token_required: boolean;
  engines: Engine[];
  /** What answers a statement that does not say. */
  engine: Engine;
};

export type Engine = "duckdb" | "drill";

export type ArchivingState = "running" | "stopped" | "failed" | "none";

export type StreamSummary = {
  stream: string;
  configured: boolean;
  archiving: ArchivingState;
  problem: string | null;
  rows: number;
  skipped: number;
  files: number;
  bytes: number;
  generation: number;
  shards: number;
  shards_ended: number;
  gaps: number;
  last_commit: string | null;
  records_per_second: number | null;
  bytes_per_second: number | null;
  lag_seconds: number | null;
  time_to_trim_seconds: number | null;
  not_asked: string | null;
  /** What the archiver in this server reads at the moment. */
  read_records_per_second?: number | null;
  read_bytes_per_second?: number | null;
};

export type ShardState = "start" | "open" | "ended";

export type Shard = {
  incarnation: string;
  shard: string;
  state: ShardState;
  parents: string[];
  position: string | null;
  last_arrival: string | null;
  complete_through: string | null;
  records: number;
  skipped: number;
  waiting_records: number | null;
  /** Whether more waits than was counted. */
  waiting_more: boolean | null;
  lag_seconds: number | null;
  time_to_trim_seconds: number | null;
  problem: string | null;
  archived_records?: number | null;
  live_records?: number | null;
};

export type Gap = {
  incarnation: string;
  shard: string;
  after: string;
  from: string | null;
  until: string | null;
  reason: string;
  detected_at: string;
};

export type StreamDetail = StreamSummary & { lineage: Shard[]; gap_list: Gap[] };

export type Sample = {
  time: string;
  records: number;
  bytes: number;
  files: number;
  rows: number;
  lag_seconds: number | null;
  records_per_second: number | null;
  bytes_per_second: number | null;
};

export type Snapshot = { time: string; rows: number; files: number; bytes: number };

export type StreamRecord = {
  _incarnation?: string;
  shard: string;
  sequence: string;
  sub: number;
  position: string;
  partition_key: string;
  arrival_time: string;
  side: "archive" | "live";
  bytes: number;
  /** Exactly the payload when it is UTF-8; else there is `payload_base64`. */
  payload_text?: string;
  payload_base64?: string;
  payload_format: "json" | "text" | "binary";
  payload_cut?: boolean;
  decode_error?: string | null;
};

export type WholeRecord = StreamRecord & {
  columns?: Record<string, unknown>;
  origin?: string | null;
  replay_id?: string | null;
};

export type RecordPage = { records: StreamRecord[]; receipt: string; next: string | null };

export type Column = { name: string; type: string };
export type Schema = { tables: { name: string; columns: Column[] }[] };

export type StatementState = "queued" | "running" | "done" | "failed" | "cancelled";

export type Statement = {
  id: string;
  sql: string;
  state: StatementState;
  step: string | null;
  fraction: number | null;
  started_at: string | null;
  ended_at: string | null;
  columns: Column[];
  rows: number;
  bytes: number;
  receipt: string | null;
  notes: string[];
  problem: Record<string, unknown> | null;
  truncated: boolean;
};

export type Cell = string | number | boolean | null | object;
export type RowPage = { columns: Column[]; offset: number; rows: Cell[][]; total: number };

export type Plan = {
  plan: string;
  hash: string;
  records: number;
  payload_bytes: number;
  oversize: number;
  target_arn: string;
  open_shards: number;
  seconds_at_least: number;
  first_arrival?: string;
  last_arrival?: string;
  first_key?: string;
  last_key?: string;
  notes: string[];
};

export type Count = { records: number; payload_bytes: number; receipt: string };

export type Diff = {
  target_stream: string;
  target_receipt: string;
  keys: number;
  missing: number;
  same: number;
  different: number;
  newer: number;
  target_only: number;
};

export type ReplayState =
  | "planned"
  | "running"
  | "stopped"
  | "failed"
  | "paused"
  | "cancelled"
  | "finished";

export type Owner = {
  epoch: number;
  run: number;
  action: string;
  user: string;
  host: string;
  tool_version: string;
  started_at: string;
  updated_at?: string;
  state?: string;
  requested_by?: string | null;
  acknowledged?: number;
};

export type Replay = {
  plan: string;
  hash: string;
  stream: string;
  target: string;
  target_arn: string | null;
  state: ReplayState;
  run: number;
  planned_at?: string;
  created_at?: string;
  planned: number;
  acknowledged: number;
  skipped_oversize: number;
  possible_duplicates: number;
  order_violations: number;
  owners: Owner[];
  document?: Record<string, unknown>;
  progress?: Progress | null;
  actions: ReplayAction[];
  /** How long the process of a run elsewhere said nothing. */
  silent_seconds: number | null;
  presumed_dead: boolean;
};

export type ReplayAction = "run" | "resume" | "pause" | "cancel" | "run-again";

export type Progress = {
  planned: number;
  sent: number;
  acknowledged: number;
  bytes: number;
  records_per_second: number | null;
  eta_seconds: number | null;
  throttles: number;
  retries: number;
  hot_key_share: number;
  shards: { shard: string; records_per_second: number; bytes_per_second: number; share: number; allowed_share: number | null; throttled: number }[];
  /** Shards beyond the hundred busiest ones. */
  shards_left_out: number;
};

/** `patterns` allow further streams. */
export type Targets = { targets: { name: string; configured: boolean }[]; patterns: string[] };
