import type { Directory } from './directory.ts'
import { isDiskFault } from './disk-fault.ts'
import type { IntakeLimits } from './limits.ts'

/** Brings in devices that messages name and nobody has registered, a bounded number for each connection. */
export function admitNewDevices(directory: Directory, limits: Pick<IntakeLimits, 'newDevices' | 'retryMs'>) {
  const broughtIn = new Map<string, number>()
  let isStopped = false

  /** Asks again for as long as the disk is at fault: the message is none the worse for it. */
  async function register(key: string, connectionId: string) {
    for (let waitMs = limits.retryMs.first; ; waitMs = Math.min(waitMs * 2, limits.retryMs.longest))
      try {
        return await directory.registerDevice(key, connectionId)
      } catch (error) {
        if (isStopped || !isDiskFault(error)) throw error
        await new Promise((resolve) => setTimeout(resolve, waitMs))
      }
  }

  return {
    /** Registers those not known yet, in order, up to the bound; rejects when one cannot be registered. */
    async registerAll(keys: readonly string[], connectionId: string): Promise<void> {
      for (const key of keys) {
        if (directory.deviceId(key) !== null) continue
        const count = broughtIn.get(connectionId) ?? 0
        if (count >= limits.newDevices) return
        broughtIn.set(connectionId, count + 1)
        await register(key, connectionId)
      }
    },
    stop() {
      isStopped = true
    },
  }
}
