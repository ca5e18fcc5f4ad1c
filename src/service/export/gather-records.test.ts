import { describe, expect, it } from 'vitest'
import type { Connection } from '../../contract/connection.ts'
import { urlOf } from './gather-records.ts'

const addressOf = (kind: string, url: string) => urlOf({ config: { kind, url } as unknown as Connection['config'] })

describe('the address of a connection in an export', () => {
  it('holds nothing by which somebody else could use it', () => {
    expect(addressOf('webhook', 'https://hooks.example.com/services/T0/B0/secret')).toBe('https://hooks.example.com')
    expect(addressOf('endpoint', 'https://me:secret@models.example.com:8443/v2?key=secret#secret')).toBe(
      'https://models.example.com:8443/v2',
    )
    expect(addressOf('mqtt', 'mqtts://me:sec@ret@broker:8883')).toBe('mqtts://broker:8883')
    expect(addressOf('http-action', 'https://ci.example.com/run/{{modelKey}}?token={{token}}')).toBe(
      'https://ci.example.com/run/{{modelKey}}',
    )
    expect(urlOf({ config: { kind: 'ingest' } as unknown as Connection['config'] })).toBeNull()
  })
})
