import { fileURLToPath } from 'node:url';
import { svelte } from '@sveltejs/vite-plugin-svelte';
import { defineConfig } from 'vite';
import { catalogues } from './building/catalogues.ts';

/** Whether the first page cannot do without a module: it is imported from the entry, step by step, without `import()`. */
function isFirst(id: string, infoOf: (id: string) => { isEntry: boolean; importers: readonly string[] } | null, seen = new Set<string>()): boolean {
  if (seen.has(id)) return false;
  seen.add(id);
  const info = infoOf(id);
  return info !== null && (info.isEntry || info.importers.some((one) => isFirst(one, infoOf, seen)));
}

const service = process.env.LONJA_URL ?? 'http://localhost:8000';

export default defineConfig({
  plugins: [catalogues(), svelte()],
  resolve: process.env.VITEST
    ? { conditions: ['browser'] }
    : {
        alias: {
          // Messages are parsed while building: the browser gets no parser.
          '@formatjs/icu-messageformat-parser': fileURLToPath(
            new URL('./node_modules/@formatjs/icu-messageformat-parser/no-parser.js', import.meta.url),
          ),
        },
      },
  build: {
    target: 'es2022',
    outDir: '../search_api/web/built',
    emptyOutDir: true,
    manifest: 'manifest.json', // what the first load consists of: a test weighs it
    modulePreload: { polyfill: false }, // it would be an inline script
    assetsInlineLimit: 0,
    // One file for the first load: many small ones compress worse.
    rolldownOptions: {
      output: {
        codeSplitting: { groups: [{ name: (id, context) => (isFirst(id, (one) => context.getModuleInfo(one)) ? 'first' : null), debugName: 'first' }] },
      },
    },
  },
  server: { proxy: { '/api': { target: service, changeOrigin: true } } },
});
