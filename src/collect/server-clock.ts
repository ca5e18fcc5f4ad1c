/**
 * A `fetch` that tells by the `Date` of each reply how far the server's clock is ahead of ours, ms: against the middle of the
 * exchange, as the date was written somewhere within it, and half a second on, as it is cut to whole seconds. Replies without a
 * date, or with one that is none, tell nothing.
 */
export function watchClock(
  fetcher: typeof fetch = fetch,
  now: () => number,
  onClockSkew: (skewMs: number) => void,
): typeof fetch {
  return async (input, init) => {
    const askedAt = now()
    const response = await fetcher(input, init)
    const saidAt = Date.parse(response.headers.get('date') ?? '')
    if (Number.isFinite(saidAt)) onClockSkew(Math.round(saidAt + 500 - (askedAt + now()) / 2))
    return response
  }
}
