import { describe, expect, it } from 'vitest'
import type { ConnectionState } from '../../../contract/connection.ts'
import { type ConnectionRow, connectionsHeadline, stateSentence } from './connection-words.ts'

const row = (phase: ConnectionState['phase'], more: Partial<ConnectionState> = {}, kind = 'mqtt') =>
  ({
    record: { name: 'Park broker', isEnabled: phase !== 'disabled', config: { kind } },
    state: {
      phase,
      problem: null,
      counters: { received: 0, stored: 0, repeated: 0, refused: 0, lastAt: null, lagMs: null },
      probe: null,
      ...more,
    },
  }) as ConnectionRow
const counters = { received: 1200, stored: 1190, repeated: 4, refused: 6, lastAt: 1, lagMs: 130 }

describe('stateSentence', () => {
  it('tells the problem first', () => {
    expect(stateSentence(row('failed', { problem: 'The broker refuses the password.' }))).toBe(
      'The broker refuses the password.',
    )
  })
  it('tells what flows', () => {
    expect(stateSentence(row('connected'))).toBe('It is open; nothing has come yet.')
    expect(stateSentence(row('connected', { counters }))).toBe('1,200 items came, the newest 130 ms after its event.')
    const probe = {
      at: 1,
      isReady: true,
      latencyMs: 12,
      errorShare: 0,
      probes: 60,
      serverName: null,
      serverVersion: null,
    }
    expect(stateSentence(row('connected', { probe }, 'endpoint'))).toBe(
      'It answers ready in 12 ms; 0.0 % of 60 probes failed.',
    )
  })
})

describe('connectionsHeadline', () => {
  it('is honest about nothing and about all', () => {
    expect(connectionsHeadline([]).status).toBe('unknown')
    expect(connectionsHeadline([row('connected')]).text).toBe('The connection works.')
    expect(connectionsHeadline([row('disabled')]).status).toBe('warning')
    expect(connectionsHeadline([row('connecting'), row('connected')]).text).toBe('1 of 2 connections are being opened.')
  })
  it('puts the worst first and counts what was refused', () => {
    const rows = [row('degraded', { problem: 'slow' }), row('failed', { problem: 'gone', counters })]
    expect(connectionsHeadline(rows)).toEqual({
      status: 'breach',
      text: 'Park broker: gone. 1 more has a problem. 6 items were refused; the dead letters tell why.',
    })
  })
})
