import { resolve } from "node:path";
import react from "@vitejs/plugin-react";
import { defineConfig, type Plugin } from "vite";

/** In development each portal answers its own paths with its own HTML, as the server does. */
function portalFallback(): Plugin {
  return {
    name: "portal-fallback",
    configureServer(server) {
      server.middlewares.use((request, _response, next) => {
        const path = (request.url ?? "/").split("?")[0] ?? "/";
        const last = path.slice(path.lastIndexOf("/") + 1);
        if (path.startsWith("/src/") || path.startsWith("/@") || last.includes(".")) return next();
        for (const portal of ["employer", "agency", "me", "verify"]) {
          if (path === `/${portal}` || path.startsWith(`/${portal}/`)) {
            request.url = `/${portal}.html`;
            return next();
          }
        }
        if (!path.startsWith("/api/") && !path.startsWith("/node_modules/")) request.url = "/index.html";
        next();
      });
    },
  };
}

export default defineConfig({
  plugins: [react(), portalFallback()],
  server: {
    port: 5173,
    proxy: { "/api": process.env.SHEBAO_SERVER ?? "http://127.0.0.1:8080" },
  },
  build: {
    outDir: "dist",
    target: "es2022",
    // Source maps would triple what is embedded in the binary.
    sourcemap: false,
    chunkSizeWarningLimit: 1500,
    rollupOptions: {
      input: Object.fromEntries(["index", "employer", "agency", "me", "verify"].map((name) => [name, resolve(import.meta.dirname, `${name}.html`)])),
    },
  },
});
