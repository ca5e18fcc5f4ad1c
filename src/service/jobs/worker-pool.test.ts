import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { eventually } from '../../../test/support/eventually.ts'
import type { tasks } from '../../../test/support/workers/tasks.ts'
import { createWorkerPool, type WorkerPool } from './worker-pool.ts'

describe('the worker pool', () => {
  let pool: WorkerPool<typeof tasks>
  beforeEach(() => {
    pool = createWorkerPool({
      entry: new URL('../../../test/support/workers/tasks.ts', import.meta.url),
      size: 1,
      graceMs: 100,
    })
  })
  afterEach(() => pool.close())

  const sum = () => pool.run('sum', new Float64Array([1, 2, 3]))
  /** Starts a task, cancels it once it says it runs, and gives what it rejects with. */
  async function cancelOnceRunning(task: 'compute' | 'hang') {
    const stop = new AbortController()
    const onProgress = vi.fn(() => stop.abort('enough'))
    const outcome = await pool.run(task, null, { signal: stop.signal, onProgress }).catch((reason: unknown) => reason)
    expect(onProgress).toHaveBeenCalledTimes(1)
    return outcome
  }

  it('runs tasks in turn and passes on results, progress and errors', async () => {
    expect(await Promise.all([sum(), sum(), sum()])).toEqual([6, 6, 6])
    await expect(pool.run('fail', 'out of range')).rejects.toThrow(new RangeError('out of range'))
  })

  it('stops a computation that never yields, and keeps its worker', async () => {
    expect(await cancelOnceRunning('compute')).toBe('enough')
    expect(await sum()).toBe(6)
  })

  it('replaces a worker that does not stop', async () => {
    expect(await cancelOnceRunning('hang')).toBe('enough')
    expect(await sum()).toBe(6)
  })

  it('goes on after a worker died', async () => {
    await expect(pool.run('die', undefined as never)).rejects.toThrow('ended with code 3')
    expect(await sum()).toBe(6)
  })

  it('ends a worker that has had no work for a while, and starts another', async () => {
    const entry = new URL('../../../test/support/workers/tasks.ts', import.meta.url)
    const resting = createWorkerPool<typeof tasks>({ entry, size: 1, restMs: 50 })
    const thread = () => resting.run('thread', undefined)
    const first = await thread()
    expect(await thread()).toBe(first)
    await new Promise((resolve) => setTimeout(resolve, 200))
    expect(await thread()).not.toBe(first)
    await resting.close()
  })

  it('does not start what was cancelled while it waited, or cannot be cloned', async () => {
    await expect(pool.run('sum', new Float64Array(1), { signal: AbortSignal.abort('no') })).rejects.toBe('no')
    await expect(pool.run('fail', (() => {}) as never)).rejects.toThrow('could not be cloned')
    expect(await sum()).toBe(6)
  })

  it('rejects what runs and what waits when it closes', async () => {
    const started = vi.fn()
    const outcomes = [pool.run('hang', null, { onProgress: started }), sum()].map((run) => run.catch((error) => error))
    await eventually(() => expect(started).toHaveBeenCalled())
    await pool.close()
    expect(await Promise.all(outcomes)).toEqual([expect.any(Error), expect.any(Error)])
  })
})
