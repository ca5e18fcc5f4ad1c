// `npm test`: sets up what is missing and runs every check and every test. Nothing is skipped without its name and reason.
import { spawnSync } from 'node:child_process'
import { resolve } from 'node:path'
import { provideRequirements } from './testing/requirements.ts'
import { runVitestGroup } from './testing/vitest-group.ts'

const root = resolve(import.meta.dirname, '..')
const groups: { name: string; passed: number; failed: number; seconds: number }[] = []
const skipped: string[] = []
let skippedTests = 0

function record(name: string, run: () => { passed: number; failed: number }): void {
  console.log(`\n=== ${name} ===`)
  const startedAt = performance.now()
  const outcome = run()
  groups.push({ name, ...outcome, seconds: (performance.now() - startedAt) / 1000 })
}

/** A check that either holds or does not. */
function check(name: string, command: string, args: readonly string[]): void {
  record(name, () => {
    const { status } = spawnSync(command, args, { cwd: root, stdio: 'inherit', shell: process.platform === 'win32' })
    return status === 0 ? { passed: 1, failed: 0 } : { passed: 0, failed: 1 }
  })
}

function tests(name: string, project: string): void {
  record(name, () => {
    const outcome = runVitestGroup(root, project)
    for (const group of outcome.skipped) {
      skipped.push(`${group.name} (${group.tests} tests)`)
      skippedTests += group.tests
    }
    return outcome
  })
}

/** Runs in real Electron where its binary and a display are; it says itself when it cannot. */
function electronSmoke(): void {
  record('Electron', () => {
    const { status, stdout, stderr } = spawnSync('node', ['test/electron/smoke.ts'], { cwd: root, encoding: 'utf8' })
    process.stdout.write(stdout)
    process.stderr.write(stderr)
    const reason = /^SKIPPED: (.*)$/m.exec(stdout)?.[1]
    if (reason !== undefined) {
      skipped.push(reason)
      skippedTests += 1
      return { passed: 0, failed: 0 }
    }
    return status === 0 ? { passed: 1, failed: 0 } : { passed: 0, failed: 1 }
  })
}

const missing = provideRequirements()
for (const sentence of missing) console.error(sentence)
if (missing.length > 0) {
  console.error('The tests need these programs; nothing was run.')
  process.exit(2)
}

check('Types', 'node', ['build/types.ts'])
check('Lint', 'biome', ['ci', '--error-on-warnings', '.'])
check('Build', 'electron-vite', ['build', '--logLevel', 'warn'])
tests('Unit and integration', 'unit')
tests('Calibration', 'slow')
tests('End to end', 'e2e')
electronSmoke()

const count = (key: 'passed' | 'failed') => groups.reduce((sum, group) => sum + group[key], 0)
console.log('\n=== Summary ===')
for (const { name, passed, failed, seconds } of groups)
  console.log(`${name}: ${passed} passed, ${failed} failed, ${seconds.toFixed(0)} s`)
for (const line of skipped) console.log(`SKIPPED ${line}`)
console.log(`${count('passed')} passed, ${count('failed')} failed, ${skippedTests} skipped`)
process.exit(count('failed') === 0 ? 0 : 1)
