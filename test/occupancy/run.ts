// `npm run occupancy -- --data FOLDER [--keep]`: replays a real room's sensors through a broker and an endpoint, and says what
// the console makes of them. FOLDER holds datatraining.txt, datatest.txt and datatest2.txt of the UCI Occupancy Detection data.
import { existsSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { openTestConsole } from '../support/console.ts'
import { hasMosquitto, startBroker } from '../support/mosquitto.ts'
import { days, knownAccuracy, openBuilding, roomNames } from './building.ts'
import { answerTo, askNow } from './room-console.ts'

const { values } = parseArgs({ options: { data: { type: 'string' }, keep: { type: 'boolean', default: false } } })
const folder = resolve(values.data ?? '')
if (values.data === undefined || !existsSync(join(folder, 'datatraining.txt')))
  fail('Say with --data which folder holds datatraining.txt, datatest.txt and datatest2.txt')
if (!hasMosquitto) fail('The broker mosquitto is not installed')

const broker = await startBroker()
const console_ = await openTestConsole({ staticRoot: join(import.meta.dirname, '../../out/renderer') })
const building = await openBuilding({ folder, console: console_, brokerUrl: broker.url })

for (const name of roomNames) {
  const { device, deployment, period } = building.room(name)
  console.log(`\n${name}: ${period.length} minutes`)
  await building.play(name)
  await askNow(console_, device, ['device'], days)
  await building.label(name)
  await askNow(console_, deployment, ['integrity', 'drift', 'performance', 'bias'], days)
  const { metrics } = await answerTo(console_, 'performance', deployment)
  const { deployments, devices } = await console_.call('overview.get', {})
  const accuracy = metrics.accuracy.value
  console.log(`  accuracy ${accuracy?.toFixed(4)} (known: ${knownAccuracy[name]}), n ${metrics.accuracy.n}`)
  for (const row of [...devices, ...deployments])
    if (row.target.id === device.id || row.target.id === deployment.id)
      console.log(`  ${row.headline.status}: ${row.headline.text}`)
}

const { items } = await console_.call('alerts.list', { states: ['open'], target: null })
console.log(`\n${items.length} open alerts`)
for (const { record } of items)
  console.log(`  ${record.title}${record.linkReason === null ? '' : `\n    ${record.linkReason}`}`)

if (values.keep) {
  console.log(`\nOpen ${console_.headless.server.newLaunchUrl()} and sign in as ada, "correct horse battery".`)
  console.log('Ctrl+C ends it and removes the workspace.')
  await new Promise((resolve) => process.once('SIGINT', resolve))
}
await building.close()
await console_.close()
await broker.dispose()

function fail(sentence: string): never {
  console.error(sentence)
  process.exit(2)
}
