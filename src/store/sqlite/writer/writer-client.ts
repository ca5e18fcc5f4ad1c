import type { Worker } from 'node:worker_threads'
import { revive, type WriterMethod, type WriterMethods, type WriterReply } from './protocol.ts'

interface Call {
  readonly resolve: (value: unknown) => void
  readonly reject: (error: Error) => void
}

/** One thread that writes, from its start to its end. */
function runWriter(worker: Worker) {
  const calls = new Map<number, Call>()
  const { promise: opened, resolve, reject } = Promise.withResolvers<void>()
  let nextId = 0
  let ended: Error | null = null

  function end(why: Error): void {
    ended ??= why
    reject(ended)
    for (const call of calls.values()) call.reject(ended)
    calls.clear()
  }
  worker.on('message', (message: WriterReply) => {
    if (message.type === 'opened') resolve()
    else if (message.type === 'not-opened') end(revive(message.error))
    else {
      const call = calls.get(message.id)
      calls.delete(message.id)
      if (message.type === 'done') call?.resolve(message.value)
      else call?.reject(revive(message.error))
    }
  })
  worker.on('error', end)
  worker.on('exit', () => end(new Error('The thread that writes the workspace has ended')))
  // Whoever waits for the opening hears of its failure; nobody else needs to.
  opened.catch(() => undefined)

  return {
    opened,
    hasEnded: () => ended !== null,
    terminate: () => worker.terminate(),
    post: (method: WriterMethod, args: readonly unknown[], transfer: readonly ArrayBuffer[]) =>
      new Promise<unknown>((resolve, reject) => {
        if (ended !== null) return reject(ended)
        const id = nextId++
        worker.postMessage({ id, method, args }, [...transfer])
        calls.set(id, { resolve, reject })
      }),
  }
}

export interface WriterClient {
  /** Resolves when the workspace is open; rejects with why it is not. */
  open(): Promise<void>
  /**
   * Asks the thread, in order. When it dies everything asked of it is rejected, for nobody knows what was done; the next call
   * starts another.
   */
  ask<M extends WriterMethod>(
    method: M,
    args: Parameters<WriterMethods[M]>,
    transfer?: readonly ArrayBuffer[],
  ): ReturnType<WriterMethods[M]>
  /** Closes the workspace and ends the thread. */
  close(): Promise<void>
}

export function createWriterClient(startWriter: () => Worker): WriterClient {
  let writer = runWriter(startWriter())
  let isClosed = false

  async function restart(): Promise<void> {
    writer = runWriter(startWriter())
    await writer.opened
  }
  let restarting: Promise<void> | null = null

  async function askAnew(method: WriterMethod, args: readonly unknown[], transfer: readonly ArrayBuffer[]) {
    restarting ??= restart().finally(() => {
      restarting = null
    })
    await restarting
    return await writer.post(method, args, transfer)
  }

  return {
    async open() {
      try {
        await writer.opened
      } catch (error) {
        await writer.terminate()
        throw error
      }
    },
    ask(method, args, transfer = []) {
      const isLost = !isClosed && (restarting !== null || writer.hasEnded())
      const answer = isLost ? askAnew(method, args, transfer) : writer.post(method, args, transfer)
      // The thread answers from the same table of methods.
      return answer as ReturnType<WriterMethods[typeof method]>
    },
    async close() {
      isClosed = true
      if (!writer.hasEnded()) await writer.post('close', [], [])
      await writer.terminate()
    },
  }
}
