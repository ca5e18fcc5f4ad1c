import Box from '@mui/material/Box'
import TextField from '@mui/material/TextField'
import { type SubmitEvent, useState } from 'react'
import { useNavigate } from 'react-router'
import type { OutputOf } from '../../../../contract/api.ts'
import { gate as gateSchema } from '../../../../contract/release.ts'
import { useCommand, useQueryMethod } from '../../../rpc/hooks.ts'
import { Headline } from '../../../widgets/Headline.tsx'
import { Section } from '../../../widgets/Section.tsx'
import { ChoiceField } from '../../shared/ChoiceField.tsx'
import { Failure } from '../../shared/Failure.tsx'
import { GuardedButton } from '../../shared/GuardedButton.tsx'
import { NumberField } from '../../shared/NumberField.tsx'
import { problemsOf } from '../../shared/problems.ts'
import { isReason, ReasonField } from '../../shared/ReasonField.tsx'
import { useEdit } from '../../shared/use-edit.ts'
import { AddGate } from './AddGate.tsx'
import { GateEditor } from './GateEditor.tsx'
import { defaultGates, newGate } from './new-gate.ts'
import { draftOf, type PlanDraft } from './plan-draft.ts'

type Source = OutputOf<'testPlans.list'>[number]
export type PlanEditorProps = { source: Source | null; modelId: string | null; onReload: () => Promise<Source | null> }

/** Every gate with its limits; saving makes the next revision, with a reason. */
export function PlanEditor({ source, modelId, onReload }: PlanEditorProps) {
  const models = useQueryMethod('models.list', {}, { follows: { records: ['model'] } })
  const save = useCommand('testPlans.save')
  const navigate = useNavigate()
  const [reason, setReason] = useState('')
  const edit = useEdit<PlanDraft>(
    source === null ? null : { revision: source.revision, record: draftOf(source.record) },
    { name: '', modelId: modelId ?? '', datasetId: '', validityDays: 90, gates: defaultGates(null) },
  )
  const { draft, change } = edit
  const model = useQueryMethod('models.get', { id: draft.modelId }, { enabled: draft.modelId !== '' })
  const testSets = (model.data?.datasets ?? []).map(({ record }) => record).filter(({ role }) => role === 'test')
  const ground = model.data?.versions.at(0)?.record.schema ?? null
  const problems = draft.gates.map((each) => problemsOf(gateSchema, each))
  const broken = problems.filter((each) => each.size > 0).length
  const obstacle =
    draft.name.trim() === ''
      ? 'Give the plan a name'
      : draft.datasetId === ''
        ? 'Choose the test set'
        : draft.gates.length === 0
          ? 'A plan needs a gate'
          : broken > 0
            ? `${broken} ${broken === 1 ? 'gate is' : 'gates are'} not complete`
            : !isReason(reason)
              ? 'Give a reason of at least 3 characters'
              : null
  const submit = (event: SubmitEvent) => {
    event.preventDefault()
    if (obstacle !== null || save.isPending) return
    save.mutate(
      { id: source?.record.id ?? null, revision: edit.revision, plan: draft, reason: reason.trim() },
      {
        onSuccess: (saved) => {
          setReason('')
          edit.rebase({ revision: saved.revision, record: draftOf(saved.record) })
          void navigate(`/releases/plans/${saved.record.id}`, { replace: true })
        },
      },
    )
  }
  const reload = async () => {
    const newest = await onReload()
    if (newest !== null) edit.rebase({ revision: newest.revision, record: draftOf(newest.record) })
    save.reset()
  }
  return (
    <Box component="form" onSubmit={submit} noValidate sx={{ display: 'grid', gap: 2 }}>
      <Headline
        status={source === null ? 'unknown' : 'ok'}
        text={
          source === null
            ? 'A plan says which gates a version must pass, through the wire, before it can be certified.'
            : `Revision ${source.revision}: ${source.record.gates.length} gates; a certificate on it is valid for ${source.record.validityDays} days. A change makes the next revision, and runs of this one no longer count.`
        }
      />
      <Section title="Plan">
        <Box sx={{ display: 'grid', gridTemplateColumns: { md: '2fr 1fr 1fr 1fr' }, gap: 2, pt: 1 }}>
          <TextField
            label="Name"
            value={draft.name}
            onChange={(event) => change({ name: event.target.value })}
            required
          />
          <ChoiceField
            label="Model"
            value={draft.modelId}
            choices={(models.data ?? []).map(({ model: each }) => ({ id: each.id, label: each.name }))}
            onChange={(id) => change({ modelId: id, datasetId: '' })}
            disabled={source !== null}
            empty="There is no model yet"
          />
          <ChoiceField
            label="Test set"
            value={draft.datasetId}
            choices={testSets.map(({ id, name, rows }) => ({ id, label: `${name} (${rows} rows)` }))}
            onChange={(datasetId) => change({ datasetId })}
            empty={
              draft.modelId === '' ? 'Choose the model first' : 'This model has no test set: import one on its page'
            }
          />
          <NumberField
            label="Certificate valid for"
            unit="days"
            value={draft.validityDays}
            onChange={(days) => change({ validityDays: Math.round(days ?? 0) })}
            problem={draft.validityDays < 1 ? 'At least one day' : null}
          />
        </Box>
      </Section>
      <Section
        title={`${draft.gates.length} gates`}
        flush
        actions={
          <AddGate
            onAdd={(kind) =>
              change({
                gates: [
                  ...draft.gates,
                  newGate(
                    kind,
                    draft.gates.map(({ id }) => id),
                    ground,
                  ),
                ],
              })
            }
            onDefaults={() => change({ gates: defaultGates(ground) })}
          />
        }
      >
        {draft.gates.map((each, place) => (
          <GateEditor
            key={each.id}
            gate={each}
            problems={problems[place]}
            onChange={(changed) =>
              change({ gates: draft.gates.map((other) => (other.id === each.id ? changed : other)) })
            }
            onRemove={() => change({ gates: draft.gates.filter(({ id }) => id !== each.id) })}
          />
        ))}
      </Section>
      <Section title="Save">
        <Box sx={{ display: 'grid', gap: 2, pt: 1, maxWidth: 640 }}>
          <ReasonField value={reason} onChange={setReason} />
          {save.error !== null && (
            <Failure error={save.error} title="The plan was not saved" onReload={() => void reload()} />
          )}
          {save.isSuccess && reason === '' && <Box role="status">{`Saved as revision ${save.data.revision}.`}</Box>}
          <GuardedButton
            method="testPlans.save"
            type="submit"
            variant="contained"
            whyNot={obstacle}
            loading={save.isPending}
            sx={{ justifySelf: 'start' }}
          >
            Save the plan
          </GuardedButton>
        </Box>
      </Section>
    </Box>
  )
}
