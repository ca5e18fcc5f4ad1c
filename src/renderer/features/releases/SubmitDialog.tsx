import { useState } from 'react'
import { useNavigate } from 'react-router'
import { pathTo } from '../../data/paths.ts'
import { useCommand, useQueryMethod } from '../../rpc/hooks.ts'
import { ChoiceField } from '../shared/ChoiceField.tsx'
import { FormDialog } from '../shared/FormDialog.tsx'
import { PathLink } from '../shared/PathLink.tsx'
import { isReason, ReasonField } from '../shared/ReasonField.tsx'
import { submitChoices } from './submit-choices.ts'

export type SubmitDialogProps = {
  /** Version to begin with, from the address. */
  versionId: string | null
  onClose: () => void
}

/** Puts a version on its way to production. */
export function SubmitDialog({ versionId, onClose }: SubmitDialogProps) {
  const submit = useCommand('releases.submit')
  const navigate = useNavigate()
  const models = useQueryMethod('models.list', {}, { follows: { records: ['model'] } })
  const [wantedModel, setModel] = useState<string | null>(null)
  const [wanted, setWanted] = useState<{ version?: string; test?: string; production?: string; plan?: string }>({
    version: versionId ?? undefined,
  })
  const [reason, setReason] = useState('')
  const modelId = wantedModel ?? models.data?.[0]?.model.id ?? ''
  const model = useQueryMethod('models.get', { id: modelId }, { enabled: modelId !== '' })
  const plans = useQueryMethod('testPlans.list', { modelId }, { enabled: modelId !== '' })
  const choices = submitChoices(model.data ?? null, plans.data ?? [], wanted)
  const { version, test, production, plan } = choices.chosen
  const complete =
    version !== undefined && test !== undefined && production !== undefined && plan !== undefined && isReason(reason)
  return (
    <FormDialog
      title="Submit a release"
      consequence="The version is tested through the wire, certified by a QA expert and approved by a product owner. Who submits it can do neither."
      submitLabel="Submit"
      complete={complete}
      busy={submit.isPending}
      error={submit.error ?? models.error ?? model.error ?? plans.error}
      onClose={onClose}
      onSubmit={() =>
        complete &&
        submit.mutate(
          {
            modelId,
            versionId: version,
            testDeploymentId: test,
            productionDeploymentId: production,
            planId: plan,
            reason: reason.trim(),
          },
          { onSuccess: ({ record }) => void navigate(pathTo.release(record.id)) },
        )
      }
    >
      <ChoiceField
        label="Model"
        value={modelId}
        choices={(models.data ?? []).map(({ model: each }) => ({ id: each.id, label: each.name }))}
        onChange={(id) => {
          setModel(id)
          setWanted({})
        }}
        empty="There is no model yet"
      />
      <ChoiceField
        label="Version"
        value={version}
        choices={choices.versions}
        onChange={(id) => setWanted({ ...wanted, version: id })}
        empty="This model has no version that is not in production"
      />
      <ChoiceField
        label="Test deployment"
        value={test}
        choices={choices.tests}
        onChange={(id) => setWanted({ ...wanted, test: id })}
        empty="This model has no test deployment"
      />
      <ChoiceField
        label="Production deployment"
        value={production}
        choices={choices.productions}
        onChange={(id) => setWanted({ ...wanted, production: id })}
        empty="This model has no production deployment"
      />
      <ChoiceField
        label="Test plan"
        value={plan}
        choices={choices.plans}
        onChange={(id) => setWanted({ ...wanted, plan: id })}
        empty={
          <>
            This model has no test plan. <PathLink to="/releases/plans">Make one first</PathLink>.
          </>
        }
      />
      <ReasonField value={reason} onChange={setReason} />
    </FormDialog>
  )
}
