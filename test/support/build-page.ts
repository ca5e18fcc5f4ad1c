import { resolve } from 'node:path'
import react from '@vitejs/plugin-react'
import { build } from 'vite'

/** Builds the console's page into a folder, as the browser gets it. */
export async function buildPage(outDir: string): Promise<void> {
  await build({
    configFile: false,
    root: resolve(import.meta.dirname, '../../src/renderer'),
    base: './',
    logLevel: 'error',
    plugins: [react()],
    build: { outDir, assetsInlineLimit: 0, modulePreload: { polyfill: false }, chunkSizeWarningLimit: 5000 },
  })
}
