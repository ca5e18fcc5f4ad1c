// Type-checks every environment with only the names that exist in it, so that a slip does not compile.
import { spawnSync } from 'node:child_process'

const environments = ['pure', 'node', 'web']
let failed = false
for (const environment of environments) {
  const { status } = spawnSync('tsc', ['-p', `build/tsconfig.${environment}.json`], { stdio: 'inherit' })
  if (status !== 0) failed = true
}
process.exit(failed ? 1 : 0)
