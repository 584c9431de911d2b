// Writes a brotli and a gzip twin beside every text asset, so that the server only picks one by Accept-Encoding.
import { readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { brotliCompressSync, constants, gzipSync } from "node:zlib";

const root = process.argv[2] ?? "dist";
const TEXT = /\.(html|js|css|json|svg|txt|webmanifest)$/;
/** Below this a compressed twin saves less than a packet. */
const MIN_BYTES = 1024;

let files = 0;
let plain = 0;
let small = 0;
function walk(folder) {
  for (const name of readdirSync(folder)) {
    const path = join(folder, name);
    if (statSync(path).isDirectory()) walk(path);
    else if (TEXT.test(name)) compress(path);
  }
}
function compress(path) {
  const bytes = readFileSync(path);
  if (bytes.length < MIN_BYTES) return;
  const brotli = brotliCompressSync(bytes, { params: { [constants.BROTLI_PARAM_QUALITY]: 11 } });
  writeFileSync(`${path}.br`, brotli);
  writeFileSync(`${path}.gz`, gzipSync(bytes, { level: 9 }));
  files += 1;
  plain += bytes.length;
  small += brotli.length;
}
walk(root);
console.log(`precompressed ${files} files: ${Math.round(plain / 1024)} KB, ${Math.round(small / 1024)} KB as brotli`);

// What a phone loads before the first page shows, per entry. A new dependency that breaks this is worth a second thought.
const FIRST_LOAD_GZIP_KB_MAX = 360;
for (const page of readdirSync(root).filter((name) => name.endsWith(".html"))) {
  const html = readFileSync(join(root, page), "utf8");
  const assets = [...new Set([...html.matchAll(/"\/(assets\/[^"]+\.(?:js|css))"/g)].map((match) => match[1]))];
  const bytes = assets.reduce((sum, name) => sum + gzipSync(readFileSync(join(root, name)), { level: 9 }).length, 0);
  const kb = Math.round(bytes / 1024);
  console.log(`${page}: first load ${kb} KB gzip`);
  if (assets.length === 0 || kb > FIRST_LOAD_GZIP_KB_MAX) {
    console.error(`${page}: first load must be between 1 and ${FIRST_LOAD_GZIP_KB_MAX} KB`);
    process.exitCode = 1;
  }
}
