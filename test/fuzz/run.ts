// `npm run fuzz -- --count 1000000 --seed N`: mutated payloads for every way in. Prints the seed and one JSON object; exits with 1
// when one was neither refused with a reason nor taken validly, or when memory grew.
import { parseArgs } from 'node:util'
import { faultsIn, fuzz } from './fuzz.ts'

const { values } = parseArgs({
  options: {
    count: { type: 'string', default: '1000000' },
    seed: { type: 'string', default: String(Date.now() % 1_000_000_000) },
  },
})
console.error(`seed ${values.seed}`)
const report = await fuzz({ count: Number(values.count), seed: Number(values.seed) })
const problems = faultsIn(report)
console.log(JSON.stringify({ ...report, problems }, null, 2))
process.exit(problems.length === 0 ? 0 : 1)
