// Runs one group of tests and reads what came of it.
import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs'
import { join, relative } from 'node:path'

export interface GroupOutcome {
  readonly passed: number
  readonly failed: number
  /** One line for each set of tests that was skipped: what it is called says why. */
  readonly skipped: readonly { readonly name: string; readonly tests: number }[]
}

interface JsonReport {
  readonly testResults: readonly {
    readonly name: string
    readonly status: string
    readonly assertionResults: readonly { readonly status: string; readonly ancestorTitles: readonly string[] }[]
  }[]
}

/** Runs a project of test/vitest.config.ts; a run that ends without a report counts as one failure. */
export function runVitestGroup(root: string, project: string): GroupOutcome {
  const reportPath = join(root, 'test-results', `${project}.json`)
  mkdirSync(join(root, 'test-results'), { recursive: true })
  rmSync(reportPath, { force: true })
  const { status } = spawnSync(
    'vitest',
    [
      ...['run', '--config', 'test/vitest.config.ts', '--project', project],
      ...['--reporter=dot', '--reporter=json', `--outputFile.json=${reportPath}`],
    ],
    { cwd: root, stdio: 'inherit', shell: process.platform === 'win32' },
  )
  if (!existsSync(reportPath)) return { passed: 0, failed: 1, skipped: [] }
  const { testResults } = JSON.parse(readFileSync(reportPath, 'utf8')) as JsonReport
  let passed = 0
  let failed = 0
  const skipped = new Map<string, number>()
  for (const file of testResults) {
    if (file.status === 'failed' && file.assertionResults.length === 0) failed += 1
    for (const test of file.assertionResults) {
      if (test.status === 'passed') passed += 1
      else if (test.status === 'failed') failed += 1
      else {
        const name = `${relative(root, file.name)}: ${test.ancestorTitles.join(' > ')}`
        skipped.set(name, (skipped.get(name) ?? 0) + 1)
      }
    }
  }
  // Something outside of any test went wrong, e.g. an unhandled rejection.
  if (status !== 0 && failed === 0) failed = 1
  return { passed, failed, skipped: [...skipped].map(([name, tests]) => ({ name, tests })) }
}
