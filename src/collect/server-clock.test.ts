import { describe, expect, it } from 'vitest'
import { watchClock } from './server-clock.ts'

const said = Date.UTC(2026, 2, 2, 12)

async function skewsOf(date: string | null, askedAt: number, answeredAt: number) {
  const instants = [askedAt, answeredAt]
  const skews: number[] = []
  const reply = async () => new Response('ok', { headers: date === null ? {} : { date } })
  const watched = watchClock(
    reply,
    () => instants.shift() ?? answeredAt,
    (skew) => skews.push(skew),
  )
  expect(await (await watched('http://server/ready')).text()).toBe('ok')
  return skews
}

describe('the clock of a server', () => {
  it('is compared with the middle of the exchange', async () => {
    const date = new Date(said).toUTCString()
    expect(await skewsOf(date, said + 400, said + 600)).toEqual([0])
    expect(await skewsOf(date, said - 300_000, said - 299_000)).toEqual([300_000])
    expect(await skewsOf(date, said + 60_500, said + 60_500)).toEqual([-60_000])
  })

  it('is not known without a date that can be read', async () => {
    expect(await skewsOf(null, said, said)).toEqual([])
    expect(await skewsOf('yesterday', said, said)).toEqual([])
  })
})
