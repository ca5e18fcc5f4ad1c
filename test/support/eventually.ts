import { vi } from 'vitest'

/** Waits until `look` no longer throws, for as long as a busy machine may need: only a failure costs so much time. */
export const eventually = <T>(look: () => T | Promise<T>): Promise<T> =>
  vi.waitFor(look, { timeout: 25_000, interval: 10 })
