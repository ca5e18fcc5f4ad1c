import { defineConfig } from 'vitest/config'

/**
 * Three groups: `unit` (fast, beside the code, plus suites without a single owner), `slow` (calibration, simulation) and
 * `e2e` (the built console in a real browser, one file at a time).
 */
export default defineConfig({
  test: {
    root: new URL('..', import.meta.url).pathname,
    projects: [
      {
        extends: false,
        test: {
          name: 'unit',
          root: new URL('..', import.meta.url).pathname,
          include: ['src/**/*.test.{ts,tsx}', 'test/{house,golden,suites,integration}/**/*.test.ts'],
          environment: 'node',
          // Generous: a busy machine is slow, and only a failure costs so long.
          testTimeout: 60_000,
          hookTimeout: 60_000,
        },
      },
      {
        extends: false,
        test: {
          name: 'slow',
          root: new URL('..', import.meta.url).pathname,
          include: ['test/slow/**/*.test.ts'],
          environment: 'node',
          testTimeout: 600_000,
        },
      },
      {
        extends: false,
        test: {
          name: 'e2e',
          root: new URL('..', import.meta.url).pathname,
          include: ['test/e2e/**/*.test.ts'],
          environment: 'node',
          fileParallelism: false,
          testTimeout: 300_000,
          hookTimeout: 300_000,
        },
      },
    ],
  },
})
