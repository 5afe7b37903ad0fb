import { fileURLToPath } from "node:url";

import { paraglideVitePlugin } from "@inlang/paraglide-js";
import { svelte } from "@sveltejs/vite-plugin-svelte";
import { defineConfig } from "vitest/config";

/** Where `npm run dev` sends calls: a `barrow-loopback` that runs beside it. */
const host = process.env.BARROW_LOOPBACK ?? "http://127.0.0.1:4180";

export default defineConfig({
  plugins: [
    paraglideVitePlugin({
      project: "./project.inlang",
      outdir: "./src/words",
      strategy: ["baseLocale"],
    }),
    svelte(),
  ],
  resolve: {
    alias: {
      $src: fileURLToPath(new URL("./src", import.meta.url)),
      $words: fileURLToPath(new URL("./src/words/messages.js", import.meta.url)),
    },
    conditions: process.env.VITEST ? ["browser"] : undefined,
  },
  server: { port: 4173, strictPort: true, proxy: { "/call": host, "/events": host } },
  // The webviews that are supported: WebKitGTK 2.40, WebView2, macOS 12.
  build: { target: ["es2022", "safari15.4"], chunkSizeWarningLimit: 1500 },
  test: { environment: "happy-dom", include: ["src/**/*.test.ts"], setupFiles: ["src/test.setup.ts"] },
});
