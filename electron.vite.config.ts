import { existsSync } from 'node:fs'
import { resolve } from 'node:path'
import react from '@vitejs/plugin-react'
import { defineConfig } from 'electron-vite'

const root = import.meta.dirname

/** Every program that runs in Node; the name becomes `out/main/<name>.js`. */
const nodeEntries = {
  index: 'src/main/index.ts',
  utility: 'src/server/utility.ts',
  headless: 'src/server/headless.ts',
  cli: 'src/server/cli.ts',
  worker: 'src/server/worker.ts',
  'parquet-thread': 'src/collect/files/parquet-thread.ts',
  'demo-park': 'src/demo/programs/park.ts',
  'demo-prepare': 'src/demo/programs/prepare.ts',
  'demo-retrain': 'src/demo/programs/retrain.ts',
  'demo-inference': 'src/demo/server/main.ts',
}

const presentNodeEntries = Object.fromEntries(
  Object.entries(nodeEntries)
    .map(([name, path]) => [name, resolve(root, path)] as const)
    .filter(([, path]) => existsSync(path)),
)

const preloadEntry = resolve(root, 'src/preload/index.ts')

export default defineConfig({
  main:
    Object.keys(presentNodeEntries).length > 0
      ? {
          build: {
            outDir: resolve(root, 'out/main'),
            externalizeDeps: true,
            sourcemap: true,
            rolldownOptions: {
              input: presentNodeEntries,
              output: { format: 'es', entryFileNames: '[name].js', chunkFileNames: 'chunks/[name]-[hash].js' },
            },
          },
        }
      : undefined,

  // A sandboxed preload can load nothing but itself: one CommonJS file with its imports inlined.
  preload: existsSync(preloadEntry)
    ? {
        build: {
          outDir: resolve(root, 'out/preload'),
          externalizeDeps: false,
          isolatedEntries: true,
          rolldownOptions: {
            input: { index: preloadEntry },
            output: { format: 'cjs', entryFileNames: '[name].cjs' },
          },
        },
      }
    : undefined,

  renderer: {
    root: resolve(root, 'src/renderer'),
    // Relative addresses serve both `app://` and the loopback server.
    base: './',
    plugins: [react()],
    build: {
      outDir: resolve(root, 'out/renderer'),
      emptyOutDir: true,
      minify: true,
      // The content security policy allows fonts from 'self' only, so nothing may become a data: address.
      assetsInlineLimit: 0,
      modulePreload: { polyfill: false },
      chunkSizeWarningLimit: 1_500,
      rolldownOptions: { input: { index: resolve(root, 'src/renderer/index.html') } },
    },
  },
})
