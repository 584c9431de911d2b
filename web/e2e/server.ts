import { execFile, spawn, type ChildProcess } from "node:child_process";
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { promisify } from "node:util";
import { servePages } from "./proxy";

const run = promisify(execFile);
const REPO = resolve(import.meta.dirname, "../..");

/** The real binary: SHEBAO_BIN, else where cargo puts it. */
export function binary(): string {
  const target = process.env.CARGO_TARGET_DIR ?? join(REPO, "target");
  const path = process.env.SHEBAO_BIN ?? join(target, "debug", "shebao");
  if (!existsSync(path)) throw new Error(`no binary at ${path}: run cargo build -p server first`);
  return path;
}

async function freePort(): Promise<number> {
  return new Promise((done, failed) => {
    const probe = createServer();
    probe.on("error", failed);
    probe.listen(0, "127.0.0.1", () => {
      const address = probe.address();
      probe.close(() => (typeof address === "object" && address ? done(address.port) : failed(new Error("no port"))));
    });
  });
}

/** What a command of the program prints about the data of a running server. */
export async function ask(server: Server, ...command: string[]): Promise<string> {
  const { stdout } = await run(binary(), [...command, "--data", server.data], { cwd: REPO, maxBuffer: 1 << 24 });
  return stdout;
}

export interface Server {
  base: string;
  data: string;
  stop: () => Promise<void>;
}

/** A server of its own on a free loopback port: demo data (made with `demo` as further arguments) in a fresh folder, and the given
 * relations loaded into their regions. */
export async function startServer(relations: Record<string, string>, demo: string[] = []): Promise<Server> {
  const data = mkdtempSync(join(tmpdir(), "shebao-e2e-"));
  const port = await freePort();
  const base = `http://127.0.0.1:${port}`;
  const pages = process.env.SHEBAO_E2E_DIST ? await servePages(process.env.SHEBAO_E2E_DIST, await freePort(), port) : null;
  // The address goes along because bills already made say where they are paid.
  await run(binary(), ["demo", "--fresh", "--no-serve", "--data", data, "--listen", `127.0.0.1:${port}`, ...demo], { cwd: REPO, maxBuffer: 1 << 24 });
  for (const [region, csv] of Object.entries(relations)) {
    const file = join(data, `${region}.csv`);
    writeFileSync(file, csv);
    await run(binary(), ["load-relations", "--region", region, file, "--data", data], { cwd: REPO, maxBuffer: 1 << 24 });
  }
  const child = spawn(binary(), ["serve", "--data", data, "--listen", `127.0.0.1:${port}`], { cwd: REPO, stdio: ["ignore", "pipe", "pipe"] });
  let log = "";
  for (const stream of [child.stdout, child.stderr]) stream?.on("data", (chunk: Buffer) => (log = (log + chunk.toString()).slice(-20_000)));
  try {
    await ready(base, child);
  } catch (error) {
    child.kill("SIGKILL");
    throw new Error(`the server did not start: ${String(error)}\n${log}`, { cause: error });
  }
  const shown = pages?.address();
  return {
    base: typeof shown === "object" && shown ? `http://127.0.0.1:${shown.port}` : base,
    data,
    stop: async () => {
      pages?.close();
      await ended(child);
      if (!process.env.SHEBAO_E2E_KEEP) rmSync(data, { recursive: true, force: true });
    },
  };
}

async function ready(base: string, child: ChildProcess): Promise<void> {
  for (let tries = 0; tries < 240; tries += 1) {
    if (child.exitCode !== null) throw new Error(`it ended with ${child.exitCode}`);
    const answer = await fetch(`${base}/readyz`).catch(() => null);
    if (answer?.ok) return;
    await new Promise((done) => setTimeout(done, 250));
  }
  throw new Error("not ready within a minute");
}

async function ended(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null) return;
  const gone = new Promise<void>((done) => child.once("exit", () => done()));
  child.kill("SIGTERM");
  const timer = setTimeout(() => child.kill("SIGKILL"), 5000);
  await gone;
  clearTimeout(timer);
}
