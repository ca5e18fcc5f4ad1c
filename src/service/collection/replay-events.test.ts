import { describe, expect, it } from 'vitest'
import type { DeadLetter } from '../../contract/sample.ts'
import { type EventLetter, findExchanges } from './replay-events.ts'

const event = (half: 'request' | 'response', id: string, source = 's') => ({
  ...{ specversion: '1.0', id, source, type: `org.kubeflow.serving.inference.${half}`, data: { half } },
})
const letterOf = (id: number, payload: unknown, deploymentKey = 'room'): EventLetter => {
  const bytes = Buffer.from(typeof payload === 'string' ? payload : JSON.stringify(payload))
  const letter: DeadLetter = {
    ...{ id, at: 5, connectionId: 'con_1', source: '', code: 'wrong-shape', reason: '' },
    ...{ payloadBase64: bytes.toString('base64'), payloadBytes: bytes.length },
  }
  return { letter, connectionId: 'con_1', deploymentKey }
}

describe('exchanges among dead letters', () => {
  it('are those of one letter, or of two that belong together', () => {
    const found = findExchanges([
      letterOf(1, [event('request', 'a'), event('response', 'a')]),
      letterOf(2, event('response', 'b')),
      letterOf(3, event('request', 'b')),
      letterOf(4, event('request', 'c')),
      // Nothing in common but the id.
      letterOf(5, event('response', 'c', 'other')),
      letterOf(6, event('response', 'c'), 'hall'),
      letterOf(7, '{'),
      letterOf(8, '[]'),
    ])
    for (const id of [1, 2, 3])
      expect(found.get(id)).toMatchObject({
        request: { event: { half: 'request', id: id === 1 ? 'a' : 'b' } },
        response: { event: { half: 'response', id: id === 1 ? 'a' : 'b' } },
      })
    expect(found.get(4)).toMatch(/it is the request alone: without the response/)
    expect(found.get(5)).toMatch(/it is the response alone/)
    expect(found.get(6)).toMatch(/it is the response alone/)
    expect(found.get(7)).toMatch(/no event that can be read \(not JSON/)
    expect(found.get(8)).toMatch(/no event that can be read/)
  })
})
