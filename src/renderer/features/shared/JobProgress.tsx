import { hasEnded, useJob } from '../../data/jobs.ts'
import { useCommand } from '../../rpc/hooks.ts'
import { Progress } from '../../widgets/Progress.tsx'
import { ErrorState } from '../../widgets/States.tsx'
import { useWhyNot } from './use-why-not.ts'

export type JobProgressProps = { jobId: string; label: string }

/** A job under way with its cancel, or how it went wrong; nothing once it succeeded. */
export function JobProgress({ jobId, label }: JobProgressProps) {
  const job = useJob(jobId)
  const cancel = useCommand('jobs.cancel')
  const mayCancel = useWhyNot()('jobs.cancel') === null
  if (job === null) return <Progress label={label} done={null} />
  if (!hasEnded(job)) {
    return (
      <Progress
        label={label}
        done={job.progress}
        detail={job.message}
        cancelling={cancel.isPending || cancel.isSuccess}
        onCancel={mayCancel ? () => cancel.mutate({ id: jobId }) : undefined}
      />
    )
  }
  if (job.state === 'succeeded') return null
  const title = job.state === 'cancelled' ? `${label} was cancelled` : `${label} failed`
  return <ErrorState title={title} message={job.problem ?? job.message} />
}
