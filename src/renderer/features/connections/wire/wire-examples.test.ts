import { describe, expect, it } from 'vitest'
import { wireLabel, wireSample, wireTelemetry } from '../../../../contract/sample.ts'
import { loggerExample, otlpExample, pushExample, wireExamples } from './wire-examples.ts'

describe('the documented examples', () => {
  it('are what the console takes', () => {
    const shapes = { samples: wireSample, labels: wireLabel, telemetry: wireTelemetry }
    for (const { kind, example } of wireExamples) expect(shapes[kind].safeParse(example).error).toBeUndefined()
    expect(wireExamples).toHaveLength(3)
  })
  it('use a real address even where the page has none', () => {
    expect(pushExample('app://assay', 't')).toContain("'http://127.0.0.1:")
    expect(pushExample('http://127.0.0.1:5000', 't')).toContain('http://127.0.0.1:5000/ingest/v1/')
    expect(otlpExample('http://h:1', 't')).toContain('ENDPOINT=http://h:1/ingest/v1/otlp\n')
    expect(loggerExample('app://assay', 't')).toMatch(/^http:\/\/logger:t@127\.0\.0\.1:\d+\/ingest\/v1\/deployments\//)
  })
})
