import { defineConfig } from 'vitest/config'

/**
 * Two groups: `unit` (fast, beside the code, plus suites without a single owner) and `slow` (calibration, simulation,
 * fault injection). End-to-end tests in a real browser run under Playwright.
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
          testTimeout: 30_000,
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
    ],
  },
})
