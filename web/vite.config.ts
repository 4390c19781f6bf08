import react from "@vitejs/plugin-react";
import { defineConfig } from "vitest/config";

// `npx vite` serves the sources; WATERSHED_SERVER names a running `watershed serve`.
const server = process.env.WATERSHED_SERVER ?? "http://127.0.0.1:8090";

export default defineConfig({
  plugins: [react()],
  build: {
    outDir: "target/classes/io/watershed/web",
    emptyOutDir: true,
    target: "es2022",
    // A data: URL would need an exception in the content security policy.
    assetsInlineLimit: 0,
    license: { fileName: "licenses.md" },
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
    chunkSizeWarningLimit: 1500,
  },
  server: { host: "127.0.0.1", proxy: { "/api": { target: server, changeOrigin: true } } },
  test: { include: ["src/**/*.test.ts"] },
});
