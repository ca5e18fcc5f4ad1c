import { describe, expect, it } from 'vitest'
import { faultsIn, runFaults } from '../fault/fault-run.ts'
import { hasMosquitto } from '../support/mosquitto.ts'

if (!hasMosquitto) console.warn('service-collection-kill: skipped, mosquitto is not installed')

const seed = 20_260_731

describe.skipIf(!hasMosquitto)('a console that is killed, cut off and out of disk while messages come in', () => {
  it(`has stored each exactly once in the end (seed ${seed})`, { timeout: 600_000 }, async () => {
    const report = await runFaults({ messages: 3000, kills: 4, brokerRestarts: 1, fullDisk: true, seed })
    expect(faultsIn(report)).toEqual([])
  })
})
