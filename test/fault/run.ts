// `npm run fault -- --messages 200000 --kills 50 --broker-restarts 5 --full-disk --seed N`: a real broker and a real service
// that is killed, cut off and out of disk while messages come. Prints the seed and one JSON object; exits with 1 when
// anything was lost or counted twice.
import { parseArgs } from 'node:util'
import { hasMosquitto } from '../support/mosquitto.ts'
import { faultsIn, runFaults } from './fault-run.ts'

const { values } = parseArgs({
  options: {
    messages: { type: 'string', default: '200000' },
    kills: { type: 'string', default: '50' },
    'broker-restarts': { type: 'string', default: '5' },
    'full-disk': { type: 'boolean', default: false },
    seed: { type: 'string', default: String(Date.now() % 1_000_000_000) },
  },
})
if (!hasMosquitto) {
  console.error('mosquitto is not installed: nothing was run')
  process.exit(2)
}
console.error(`seed ${values.seed}`)
const report = await runFaults({
  messages: Number(values.messages),
  kills: Number(values.kills),
  brokerRestarts: Number(values['broker-restarts']),
  fullDisk: values['full-disk'],
  seed: Number(values.seed),
  log: (line) => console.error(line),
})
const faults = faultsIn(report)
console.log(JSON.stringify({ ...report, faults }, null, 2))
process.exit(faults.length === 0 ? 0 : 1)
