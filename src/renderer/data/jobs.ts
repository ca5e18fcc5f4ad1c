import { useQueryClient } from '@tanstack/react-query'
import { useCallback, useState } from 'react'
import type { InputOf, OutputOf } from '../../contract/api.ts'
import type { RpcError } from '../../contract/rpc.ts'
import type { Job } from '../../contract/workspace.ts'
import { type CommandName, useCommand, useEvent, useQueryMethod } from '../rpc/hooks.ts'

/** Commands that start a job and answer its id. */
export type JobStarter = { [M in CommandName]: OutputOf<M> extends { jobId: string } ? M : never }[CommandName]

const jobsKey = ['jobs.list', {}] as const

export function hasEnded(job: Job): boolean {
  return job.finishedAt !== null
}

/** Every job the service remembers, newest first. */
export function useJobs(): Job[] {
  return useQueryMethod('jobs.list', {}, { follows: {} }).data ?? []
}

/** Keeps what `useJobs` gives up to date. Stands once, in the frame around the pages. */
export function useJobUpdates(): void {
  const queries = useQueryClient()
  useEvent('job.updated', (job) => {
    queries.setQueryData<Job[]>(jobsKey, (before = []) =>
      before.some(({ id }) => id === job.id)
        ? before.map((each) => (each.id === job.id ? job : each))
        : [job, ...before],
    )
  })
}

export function useJob(id: string | null): Job | null {
  const jobs = useJobs()
  return id === null ? null : (jobs.find((job) => job.id === id) ?? null)
}

export type StartedJob<M extends JobStarter> = {
  start: (input: InputOf<M>) => void
  /** The job as it stands, null before the start. */
  job: Job | null
  /** Asked for and not yet ended. */
  isBusy: boolean
  /** Why it was not started, or what went wrong in it. */
  problem: string | null
  cancel: () => void
  /** Forgets a job that has ended, to begin anew. */
  reset: () => void
}

/** Starts long work with one command and follows it to its end. */
export function useJobCommand<M extends JobStarter>(method: M): StartedJob<M> {
  const command = useCommand(method)
  const cancelling = useCommand('jobs.cancel')
  const [jobId, setJobId] = useState<string | null>(null)
  const job = useJob(jobId)
  const { mutate, reset: forget } = command
  const queries = useQueryClient()
  const start = useCallback(
    (input: InputOf<M>) => {
      setJobId(null)
      // The contract of every job starter answers with the job's id.
      mutate(input, {
        onSuccess: (output) => {
          setJobId((output as { jobId: string }).jobId)
          // Its events may have come before the page listened.
          void queries.invalidateQueries({ queryKey: jobsKey })
        },
      })
    },
    [mutate, queries],
  )
  const reset = useCallback(() => {
    setJobId(null)
    forget()
  }, [forget])
  const refusal: RpcError | null = command.error
  return {
    start,
    job,
    isBusy: command.isPending || (jobId !== null && (job === null || !hasEnded(job))),
    problem: refusal?.message ?? (job?.state === 'failed' ? (job.problem ?? 'It failed') : null),
    cancel: () => jobId !== null && cancelling.mutate({ id: jobId }),
    reset,
  }
}
