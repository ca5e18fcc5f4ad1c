import Box from '@mui/material/Box'
import FormControlLabel from '@mui/material/FormControlLabel'
import Switch from '@mui/material/Switch'
import TextField from '@mui/material/TextField'
import { useState } from 'react'
import { monitor as monitorSchema } from '../../../../contract/finding.ts'
import { useCommand } from '../../../rpc/hooks.ts'
import { ChoiceField } from '../../shared/ChoiceField.tsx'
import { DurationField } from '../../shared/DurationField.tsx'
import { FormDialog } from '../../shared/FormDialog.tsx'
import { NumberField } from '../../shared/NumberField.tsx'
import { problemsOf } from '../../shared/problems.ts'
import { useEdit } from '../../shared/use-edit.ts'
import type { TargetInfo } from '../../shared/use-targets.ts'
import { monitorKinds } from '../../shared/words.ts'
import { kindsOfTarget } from '../kinds-of-target.ts'
import type { MonitorRow } from './MonitorsPage.tsx'
import { blankMonitor, draftOf, type MonitorDraft } from './monitor-draft.ts'
import { ParametersField, readParameters } from './ParametersField.tsx'
import { ReferenceField } from './ReferenceField.tsx'
import { ScheduleField } from './ScheduleField.tsx'

export type MonitorDialogProps = {
  /** Null adds one. */
  source: MonitorRow | null
  targets: readonly TargetInfo[]
  startTargetId: string | null
  onReload: () => Promise<MonitorRow | null>
  onClose: () => void
}

const schema = monitorSchema.omit({ id: true, createdAt: true })

/** One question: of whom, when, about which window, against what. */
export function MonitorDialog({ source, targets, startTargetId, onReload, onClose }: MonitorDialogProps) {
  const save = useCommand('monitors.save')
  const first = targets.find(({ target }) => target.id === startTargetId) ?? targets[0]
  const edit = useEdit<MonitorDraft>(
    source === null ? null : { revision: source.revision, record: draftOf(source.record) },
    blankMonitor(source?.record.target ?? first.target),
  )
  const { draft, change } = edit
  const [parameters, setParameters] = useState(() => JSON.stringify(draft.parameters, null, 2))
  const read = readParameters(parameters)
  const monitor = { ...draft, parameters: read ?? {} }
  const problems = problemsOf(schema, monitor)
  const info = targets.find(({ target }) => target.id === draft.target.id) ?? null
  const isNew = source === null
  return (
    <FormDialog
      title={isNew ? 'Add a monitor' : `Edit ${source.record.name}`}
      consequence={monitorKinds[draft.kind].asks}
      submitLabel={isNew ? 'Add' : 'Save'}
      complete={problems.size === 0 && read !== null}
      busy={save.isPending}
      error={save.error}
      onReload={() =>
        void onReload().then((newest) => {
          if (newest !== null) edit.rebase({ revision: newest.revision, record: draftOf(newest.record) })
          save.reset()
        })
      }
      onClose={onClose}
      onSubmit={() =>
        save.mutate({ id: source?.record.id ?? null, revision: edit.revision, monitor }, { onSuccess: onClose })
      }
      maxWidth="md"
    >
      <Box sx={{ display: 'grid', gridTemplateColumns: { sm: '1fr 1fr' }, gap: 2 }}>
        <ChoiceField
          label="About"
          value={draft.target.id}
          choices={targets.map(({ target, name }) => ({ id: target.id, label: name }))}
          onChange={(id) => {
            const chosen = targets.find(({ target }) => target.id === id)
            if (chosen !== undefined) change(blankMonitor(chosen.target))
          }}
          disabled={!isNew}
        />
        <ChoiceField
          label="Question"
          value={draft.kind}
          choices={kindsOfTarget[draft.target.type].map((kind) => ({ id: kind, label: monitorKinds[kind].word }))}
          onChange={(id) => {
            const kind = kindsOfTarget[draft.target.type].find((each) => each === id)
            if (kind !== undefined) change({ kind, name: monitorKinds[kind].word })
          }}
          disabled={!isNew}
        />
        <TextField
          label="Name"
          value={draft.name}
          onChange={(event) => change({ name: event.target.value })}
          required
        />
        <FormControlLabel
          control={
            <Switch checked={draft.isEnabled} onChange={(event) => change({ isEnabled: event.target.checked })} />
          }
          label="Switched on"
        />
        <ScheduleField value={draft.schedule} onChange={(schedule) => change({ schedule })} />
        <NumberField
          label="Also after this many new items"
          value={draft.everyNewItems}
          onChange={(items) => change({ everyNewItems: items === null ? null : Math.round(items) })}
          problem={problems.get('everyNewItems') ?? null}
          helperText="At most once a minute; empty: by schedule only"
        />
        <DurationField
          label="Looks at the last"
          valueMs={draft.windowMs}
          onChange={(windowMs) => change({ windowMs: windowMs ?? 0 })}
          problem={draft.windowMs < 60_000 ? 'At least one minute' : null}
          required
        />
        <DurationField
          label="Ending before now by"
          valueMs={draft.delayMs}
          onChange={(delayMs) => change({ delayMs: delayMs ?? 0 })}
          helperText="Time for labels to come"
        />
      </Box>
      <ReferenceField
        value={draft.reference}
        modelId={info?.modelId ?? null}
        onChange={(reference) => change({ reference })}
      />
      <ParametersField kind={draft.kind} text={parameters} onChange={setParameters} />
    </FormDialog>
  )
}
