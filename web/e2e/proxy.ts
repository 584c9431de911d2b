import { createReadStream, existsSync } from "node:fs";
import { createServer, request, type Server } from "node:http";
import { extname, join } from "node:path";

const TYPES: Record<string, string> = { ".html": "text/html; charset=utf-8", ".js": "text/javascript", ".css": "text/css", ".svg": "image/svg+xml" };

/**
 * Serves the freshly built pages and hands everything else to the binary, so that work on the pages needs no new binary. Only with
 * SHEBAO_E2E_DIST=folder; without it the stories see the pages embedded in the binary, as people do.
 */
export function servePages(dist: string, port: number, binaryPort: number): Promise<Server> {
  const server = createServer((incoming, outgoing) => {
    const path = (incoming.url ?? "/").split("?")[0] ?? "/";
    if (/^\/(api|exchange)\//.test(path) || path === "/readyz") {
      const onward = request(
        { host: "127.0.0.1", port: binaryPort, path: incoming.url, method: incoming.method, headers: incoming.headers },
        (answer) => {
          outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
          answer.pipe(outgoing);
        },
      );
      onward.on("error", () => (outgoing.headersSent ? outgoing.destroy() : outgoing.writeHead(502).end()));
      // A stream the browser left ends at the server too.
      outgoing.on("close", () => onward.destroy());
      incoming.pipe(onward);
      return;
    }
    const portal = ["employer", "agency", "me", "verify"].find((name) => path === `/${name}` || path.startsWith(`/${name}/`));
    const file = extname(path) && existsSync(join(dist, path)) ? path : `/${portal ?? "index"}.html`;
    outgoing.writeHead(200, { "Content-Type": TYPES[extname(file)] ?? "application/octet-stream" });
    createReadStream(join(dist, file)).pipe(outgoing);
  });
  return new Promise((done) => server.listen(port, "127.0.0.1", () => done(server)));
}
