import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

export const ORDERS = 3000;
export const EVIL_KEY = "<b onclick=alert(1)>evil</b>";

/** Names and values that must stay text, and digits that must stay as they are. */
const EVIL = `{"customer":{"id":"${EVIL_KEY}"},"<img src=x onerror=alert(1)>":"<script>document.title='pwned'</script>","__proto__":{"polluted":true},"big":9007199254740993,"price":1.10}`;

/** The distribution with a Kinesis endpoint, two streams, an archive and a server. */
export class Stack {
  private readonly folder = mkdtempSync(join(tmpdir(), "watershed-web-"));
  private readonly program: string;
  private kinesis: ChildProcess | undefined;
  private server: ChildProcess | undefined;
  private endpoint = "";
  private port = "0";

  constructor(distribution: string) {
    execFileSync("tar", ["-xzf", distribution, "-C", this.folder]);
    const home = readdirSync(this.folder)[0] ?? "";
    this.program = join(this.folder, home, "bin", "watershed");
  }

  get address(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  async start() {
    const kinesis = this.spawn(["dev", "kinesis", "--port", "0"]);
    this.kinesis = kinesis;
    this.endpoint = await said(kinesis, /Kinesis endpoint: (\S+)/);
    this.put("orders", orders(0, ORDERS - 1).concat(EVIL), ["--create", "3"]);
    this.put("orders-test", ['{"customer":{"id":"c"}}'], ["--create", "2"]);
    this.run(["init", "orders", "--endpoint-url", this.endpoint]);
    const config = join(this.folder, "watershed.yaml");
    // Committed once, by hand: what comes later stays on the live side.
    const text = readFileSync(config, "utf8").replace(/^defaults:$/m, "defaults:\n  commit_interval: 1h\n  replay_targets: orders-test");
    writeFileSync(config, text);
    this.run(["archive", "--once"]);
    await this.serve();
    this.put("orders", orders(ORDERS, 5));
  }

  /** Starts the server, on the port it had if it ran before. */
  async serve() {
    const server = this.spawn(["serve", "--listen", this.port, "-o", "json"]);
    this.server = server;
    const address = await said(server, /"address":"(http:[^"]+)"/);
    this.port = new URL(address).port;
  }

  async stopServer() {
    await stop(this.server);
    this.server = undefined;
  }

  /** Puts records in order; their partition key is the customer's id. */
  put(stream: string, records: string[], more: string[] = []) {
    const file = join(this.folder, "records.ndjson");
    writeFileSync(file, records.map((line) => `${line}\n`).join(""));
    this.run(["dev", "put", stream, file, "--key", "customer.id", ...more, "--endpoint-url", this.endpoint]);
    rmSync(`${file}.progress`, { force: true });
  }

  async close() {
    await stop(this.server);
    await stop(this.kinesis);
    rmSync(this.folder, { recursive: true, force: true });
  }

  private run(args: string[]): string {
    return execFileSync(this.program, args, { cwd: this.folder, env: environment(), encoding: "utf8", stdio: ["ignore", "pipe", "pipe"] });
  }

  private spawn(args: string[]): ChildProcess {
    return spawn(this.program, args, { cwd: this.folder, env: environment(), stdio: ["ignore", "pipe", "pipe"] });
  }
}

const STATUSES = ["new", "paid", "shipped", "failed"];

function orders(first: number, amount: number): string[] {
  return Array.from({ length: amount }, (_, at) => {
    const n = first + at;
    return JSON.stringify({ order_id: `o-${n}`, status: STATUSES[n % 4], amount: (n * 37) % 900, customer: { id: `c-${n % 211}`, tier: n % 5 === 0 ? "gold" : "basic" } });
  });
}

function environment(): NodeJS.ProcessEnv {
  const { WATERSHED_CONFIG: _, ...rest } = process.env;
  return { ...rest, WATERSHED_JAVA_OPTS: "-Xmx768m" };
}

/** Waits for what a process says, and fails with all it said when it ends before. */
function said(process: ChildProcess, pattern: RegExp): Promise<string> {
  return new Promise((resolve, reject) => {
    let text = "";
    const read = (piece: Buffer) => {
      text += piece;
      const found = pattern.exec(text)?.[1];
      if (found !== undefined) {
        resolve(found);
      }
    };
    process.stdout?.on("data", read);
    process.stderr?.on("data", read);
    process.once("exit", (status) => reject(new Error(`ended with ${status}:\n${text}`)));
  });
}

async function stop(process: ChildProcess | undefined) {
  if (process === undefined || process.exitCode !== null || process.signalCode !== null) {
    return;
  }
  const ended = new Promise((resolve) => process.once("exit", resolve));
  process.kill("SIGTERM");
  const hard = setTimeout(() => process.kill("SIGKILL"), 20_000);
  await ended;
  clearTimeout(hard);
}
