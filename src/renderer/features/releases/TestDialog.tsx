import { useCommand } from '../../rpc/hooks.ts'
import { formatCount } from '../../widgets/format.ts'
import { FormDialog } from '../shared/FormDialog.tsx'
import type { StepDialogProps } from './ReleaseSteps.tsx'

/** Starts the application tests through the wire. */
export function TestDialog({ answer, onReload, onClose }: StepDialogProps) {
  const run = useCommand('releases.runTests')
  const { release, plan } = answer
  return (
    <FormDialog
      title="Run the tests"
      consequence={`The ${formatCount(plan.record.gates.length)} gates of ${plan.record.name} (revision ${plan.revision}) are asked of the test deployment through the wire, and of production on the same rows. An earlier certificate of this release no longer counts. It can be cancelled.`}
      submitLabel="Run the tests"
      complete
      busy={run.isPending}
      error={run.error}
      onReload={() => {
        onReload()
        run.reset()
      }}
      onClose={onClose}
      onSubmit={() => run.mutate({ id: release.record.id, revision: release.revision }, { onSuccess: onClose })}
    >
      {null}
    </FormDialog>
  )
}
