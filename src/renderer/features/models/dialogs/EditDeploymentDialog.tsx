import { type Deployment, deployment } from '../../../../contract/model.ts'
import { useCommand } from '../../../rpc/hooks.ts'
import { FormDialog } from '../../shared/FormDialog.tsx'
import { problemsOf } from '../../shared/problems.ts'
import { useEdit } from '../../shared/use-edit.ts'
import { useModelView } from '../model-view.ts'
import { DeploymentFields, type DeploymentSettings, defaultSettings } from './deployment-fields.tsx'

const shape = deployment.pick({ name: true, endpointId: true, deviceId: true, labelDelayMs: true, retention: true })

const settingsOf = ({ name, endpointId, deviceId, labelDelayMs, retention }: Deployment): DeploymentSettings => ({
  name,
  endpointId,
  deviceId,
  labelDelayMs,
  retention,
})

export type EditDeploymentDialogProps = { row: { revision: number; record: Deployment }; onClose: () => void }

export function EditDeploymentDialog({ row, onClose }: EditDeploymentDialogProps) {
  const { answer } = useModelView()
  const updating = useCommand('deployments.update')
  const { draft, revision, change, rebase } = useEdit<DeploymentSettings>(
    { revision: row.revision, record: settingsOf(row.record) },
    defaultSettings,
  )
  const problems = problemsOf(shape, draft)
  const reload = () => {
    const newest = answer.deployments.find(({ record }) => record.id === row.record.id)
    if (newest !== undefined) rebase({ revision: newest.revision, record: settingsOf(newest.record) })
    updating.reset()
  }
  return (
    <FormDialog
      title={`Edit ${row.record.name} in ${row.record.environment}`}
      submitLabel="Save"
      complete={problems.size === 0}
      busy={updating.isPending}
      error={updating.error}
      onReload={reload}
      onSubmit={() =>
        updating.mutate(
          { id: row.record.id, revision: revision ?? row.revision, changes: draft },
          { onSuccess: onClose },
        )
      }
      onClose={onClose}
    >
      <DeploymentFields value={draft} problems={problems} onChange={change} />
    </FormDialog>
  )
}
