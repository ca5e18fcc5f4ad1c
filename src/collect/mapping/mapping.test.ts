import { describe, expect, it } from 'vitest'
import type { MappingSpec } from '../../contract/mapping.ts'
import { compileMapping, toKey } from './compile-mapping.ts'
import { readyMappings } from './ready-mappings.ts'
import { compileTopicPattern } from './topic-pattern.ts'

const arrivedAt = Date.UTC(2026, 5, 1)
const translate = (spec: MappingSpec, source: string, body: unknown) =>
  compileMapping(spec).translate({
    ...{ source, arrivedAt, maxBytes: 10_000, maxDepth: 16 },
    payload: Buffer.from(typeof body === 'string' ? body : JSON.stringify(body)),
  })
const ready = (id: string): MappingSpec => {
  const found = readyMappings.find((candidate) => candidate.id === id)
  if (found === undefined) throw new Error(id)
  return found.spec
}

describe('topic patterns', () => {
  it('capture levels and the rest, and become filters', () => {
    const pattern = compileTopicPattern('plants/{plant}/+/{path+}')
    expect(pattern.filter).toBe('plants/+/+/#')
    expect(pattern.match('plants/a/b/c/d')).toEqual({ plant: 'a', path: 'c/d' })
    expect(pattern.match('plants/a')).toBeNull()
    expect(compileTopicPattern('a/#').match('a')).toEqual({})
    expect(compileTopicPattern('a/{x}').match('a/b/c')).toBeNull()
    expect(compileTopicPattern('+/x').match('$SYS/x')).toBeNull()
  })

  it('say which level is wrong', () => {
    expect(() => compileTopicPattern('a/#/b')).toThrow('topic: # and {name+} may stand at the end only')
    expect(() => compileTopicPattern('a/{b c}')).toThrow('“{b c}” is no level')
    expect(() => compileTopicPattern('{a}/{a}')).toThrow('{a} stands twice')
  })
})

describe('ready mappings', () => {
  it('all compile', () => {
    for (const { spec } of readyMappings) expect(compileMapping(spec).spec).toBe(spec)
  })

  it('read ThingsBoard telemetry of a gateway, device by device', () => {
    const body = {
      'Device A': [
        { ts: arrivedAt, values: { temperature: 42, humidity: '80', note: 'ok', on: true } },
        { ts: arrivedAt + 1, values: { temperature: 43 } },
      ],
      'Device B': [{ ts: arrivedAt, values: { temperature: 41 } }],
    }
    expect(translate(ready('thingsboard-gateway'), 'v1/gateway/telemetry', body)).toEqual({
      refused: [],
      parts: [
        {
          route: { kind: 'telemetry', key: 'Device-A' },
          elements: [
            { at: arrivedAt, values: { temperature: 42, humidity: 80, on: 1 } },
            { at: arrivedAt + 1, values: { temperature: 43 } },
          ],
        },
        { route: { kind: 'telemetry', key: 'Device-B' }, elements: [{ at: arrivedAt, values: { temperature: 41 } }] },
      ],
    })
  })

  it('read Home Assistant states as bare text and as events', () => {
    const states = ready('home-assistant-state')
    expect(translate(states, 'homeassistant/sensor/kitchen/state', '21.5')?.parts).toEqual([
      { route: { kind: 'telemetry', key: 'kitchen' }, elements: [{ at: arrivedAt, values: { state: 21.5 } }] },
    ])
    const event = {
      event_type: 'state_changed',
      event_data: {
        entity_id: 'binary_sensor.door',
        new_state: { entity_id: 'binary_sensor.door', state: 'on', last_updated: '2026-06-01T00:00:00.123456+00:00' },
      },
    }
    const events = ready('home-assistant-event')
    expect(translate(events, 'homeassistant/events', event)?.parts).toEqual([
      {
        route: { kind: 'telemetry', key: 'binary_sensor.door' },
        elements: [{ at: '2026-06-01T00:00:00.123456+00:00', values: { state: 1 } }],
      },
    ])
    expect(translate(events, 'homeassistant/events', { event_type: 'call_service', event_data: {} })).toEqual({
      parts: [],
      refused: [],
    })
  })

  it('read AWS IoT shadows, whose times are seconds', () => {
    const body = { state: { reported: { temperature: 20, mode: 'eco' } }, version: 7, timestamp: 1_780_272_000 }
    expect(translate(ready('aws-iot-shadow'), '$aws/things/box-7/shadow/update/accepted', body)?.parts).toEqual([
      {
        route: { kind: 'telemetry', key: 'box-7' },
        elements: [{ at: 1_780_272_000_000, values: { temperature: 20 }, seq: 7 }],
      },
    ])
  })
})

const predictions: MappingSpec = {
  ...{ name: 'Mine', topic: 'models/{model}/out', format: 'json', each: 'results', makes: 'samples' },
  owner: { kind: 'topic', variable: 'model' },
  fields: [
    { to: 'id', from: { kind: 'path', path: 'uid' } },
    { to: 'at', from: { kind: 'path', path: 'when' }, scale: 1000 },
    { to: 'inputs', from: { kind: 'path', path: 'x' } },
    { to: 'inputs.temperature', from: { kind: 'path', path: 'x.f' }, scale: 5 / 9, offset: -160 / 9 },
    { to: 'prediction', from: { kind: 'path', path: 'y' }, translate: { '0': 'empty', '1': 'occupied' } },
    { to: 'label', from: { kind: 'path', path: 'truth' }, isOptional: true },
  ],
}

describe('a mapping', () => {
  it('picks, converts units and translates words, and refuses one element alone with the path that failed', () => {
    const results = [
      { uid: 7, when: 1_780_272_000.5, x: { f: 212, window: 'open', nested: { a: 1 } }, y: 1 },
      { uid: 'b', when: 1_780_272_000, x: { f: 'hot' }, y: 0 },
      { uid: 'c', x: { f: 1 }, y: 0 },
    ]
    const answer = translate(predictions, 'models/room/out', { results })
    expect(answer?.parts).toEqual([
      {
        route: { kind: 'samples', key: 'room' },
        elements: [
          {
            id: '7',
            at: 1_780_272_000_500,
            inputs: { f: 212, window: 'open', temperature: expect.closeTo(100, 9) },
            prediction: 'occupied',
          },
        ],
      },
    ])
    expect(answer?.refused.map(({ code, reason }) => [code, reason])).toEqual([
      [
        'mapping-failed',
        'mapping “Mine”: inputs.temperature: `x.f` gave the text "hot", which has no units to convert',
      ],
      ['mapping-failed', 'mapping “Mine”: at: `when` gave nothing'],
    ])
    expect(translate(predictions, 'models/room/out', { other: 1 })?.refused[0].reason).toBe(
      'mapping “Mine”: each: `results` gave nothing',
    )
    expect(translate(predictions, 'models/room/in', {})).toBeNull()
  })

  it('says which pick is behind what the documented shape refuses', () => {
    const { explain } = compileMapping(predictions)
    expect(explain({ code: 'wrong-shape', reason: '[3] at: expected number, got nothing' })).toEqual({
      code: 'wrong-shape',
      reason: 'mapping “Mine”: at: expected number, got nothing (picked from `when`)',
    })
  })

  it('makes the same id of the same message', () => {
    const fields = predictions.fields.map((pick) =>
      pick.to === 'id' ? { to: 'id', from: { kind: 'digest' as const } } : pick,
    )
    const spec = { ...predictions, fields }
    const results = [1, 1].map(() => ({ when: 1_780_272_000, x: { f: 1 }, y: 1 }))
    const ids = () => translate(spec, 'models/room/out', { results })?.parts[0].elements.map(({ id }) => id)
    const [first, second] = ids() ?? []
    expect(first).not.toBe(second)
    expect(ids()).toEqual([first, second])
  })

  it.each([
    [{ each: 'a[' }, 'each: `a[` is no JMESPath'],
    [{ each: 'shout(@)' }, 'each: `shout(@)` is no JMESPath'],
    [{ owner: { kind: 'topic' as const, variable: 'device' } }, 'owner: the topic pattern has no variable {device}'],
    [{ fields: predictions.fields.slice(1) }, 'id: samples need it; nothing fills it'],
    [{ fields: [...predictions.fields, predictions.fields[0]] }, 'id: the field is filled twice'],
    [{ fields: [{ to: 'values.a', from: { kind: 'arrival' as const } }] }, 'values.a: samples have no such field'],
  ])('is refused when it is wrong: %j', (change, message) => {
    expect(() => compileMapping({ ...predictions, ...change })).toThrow(message)
  })

  it('makes keys of names', () => {
    expect(toKey(' Device A/1 ')).toBe('Device-A-1')
    expect(toKey('/x')).toBe('x')
  })
})
