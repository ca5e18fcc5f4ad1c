import { randomUUID } from 'node:crypto'
import { setTimeout as pause } from 'node:timers/promises'
import type { Job } from '../../contract/workspace.ts'
import type { DemoHost } from '../host.ts'

const CHUNK_BYTES = 1024 * 1024
const LOOK_EVERY_MS = 100

/** Stages a file as a page does, in chunks; returns its digest. */
export async function uploadFile(host: DemoHost, login: string, bytes: Uint8Array): Promise<string> {
  const uploadId = randomUUID()
  for (let offset = 0; ; offset += CHUNK_BYTES) {
    const isLast = offset + CHUNK_BYTES >= bytes.length
    const base64 = Buffer.from(bytes.subarray(offset, offset + CHUNK_BYTES)).toString('base64')
    const { digest } = await host.call(login, 'files.stage', { uploadId, offset, base64, isLast })
    if (digest !== null) return digest
    if (isLast) throw new Error('the console took the whole file and gave no digest')
  }
}

/** Waits for a job; returns what came of it, or rejects with its problem. */
export async function finishedJob(host: DemoHost, login: string, jobId: string): Promise<Job> {
  for (;;) {
    const job = (await host.call(login, 'jobs.list', {})).find(({ id }) => id === jobId)
    if (!job) throw new Error(`the job ${jobId} is gone`)
    if (job.state === 'succeeded') return job
    if (job.state !== 'queued' && job.state !== 'running') throw new Error(`${job.title}: ${job.problem ?? job.state}`)
    await pause(LOOK_EVERY_MS)
  }
}
