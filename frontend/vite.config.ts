import { fileURLToPath } from 'node:url';
import { svelte } from '@sveltejs/vite-plugin-svelte';
import { defineConfig } from 'vite';
import { catalogues } from './building/catalogues.ts';

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
  },
  server: { proxy: { '/api': { target: service, changeOrigin: true } } },
});
