import Box from '@mui/material/Box'
import Button from '@mui/material/Button'
import { type SubmitEvent, useState } from 'react'
import type { Limit, Target, ThresholdSet } from '../../../../contract/finding.ts'
import { useCommand, useQueryMethod } from '../../../rpc/hooks.ts'
import { DataTable, type TableColumn } from '../../../widgets/DataTable.tsx'
import { Section } from '../../../widgets/Section.tsx'
import { Empty } from '../../../widgets/States.tsx'
import { Answer } from '../../shared/Answer.tsx'
import { Failure } from '../../shared/Failure.tsx'
import { GuardedButton } from '../../shared/GuardedButton.tsx'
import { isReason, ReasonField } from '../../shared/ReasonField.tsx'
import { subjectWord } from '../../shared/words.ts'
import { BackTestView } from './BackTestView.tsx'
import { LimitDialog } from './LimitDialog.tsx'
import { limitColumns } from './limit-columns.tsx'
import { limitKey } from './limit-words.ts'
import { changesBetween } from './set-changes.ts'

export type ThresholdEditorProps = {
  target: Target
  /** What the target is judged by now. */
  inForce: readonly Limit[]
  /** Of the active set; null while the defaults hold. */
  version: number | null
  /** The newest set, after somebody else saved one. */
  onReload: () => Promise<ThresholdSet | null>
  onClose: () => void
}

/** Limits under change: each change shows at once what it would have raised, before it is saved with a reason. */
export function ThresholdEditor({ target, inForce, version, onReload, onClose }: ThresholdEditorProps) {
  const [base, setBase] = useState({ version, limits: inForce })
  const [limits, setLimits] = useState(inForce)
  const [reason, setReason] = useState('')
  // Undefined: no dialog; -1: a new limit.
  const [edited, setEdited] = useState<number | undefined>(undefined)
  const save = useCommand('thresholds.save')
  const changes = changesBetween(base.limits, limits)
  // Defaults may be accepted as they are.
  const isNews = changes.length > 0 || base.version === null
  const preview = useQueryMethod(
    'thresholds.backTest',
    { target, limits: [...limits] },
    { enabled: isNews, keepsPrevious: true, follows: {} },
  )
  const obstacle = !isNews
    ? 'Nothing has changed yet'
    : isReason(reason)
      ? null
      : 'Give a reason of at least 3 characters'
  const submit = (event: SubmitEvent) => {
    event.preventDefault()
    if (obstacle !== null || save.isPending) return
    save.mutate(
      { target, basedOnVersion: base.version, limits: [...limits], reason: reason.trim() },
      { onSuccess: onClose },
    )
  }
  const columns: TableColumn<Limit>[] = [
    ...limitColumns,
    {
      id: 'change',
      header: 'Change',
      width: 196,
      align: 'right',
      render: (limit) => {
        const index = limits.indexOf(limit)
        const name = subjectWord(limit.kind, limit.subject)
        return (
          <>
            <Button
              sx={{ minHeight: 26, py: 0 }}
              aria-label={`Edit the limit on ${name}`}
              onClick={() => setEdited(index)}
            >
              Edit
            </Button>
            <Button
              color="error"
              sx={{ minHeight: 26, py: 0 }}
              aria-label={`Remove the limit on ${name}`}
              onClick={() => setLimits(limits.filter((_, at) => at !== index))}
            >
              Remove
            </Button>
          </>
        )
      },
    },
  ]
  return (
    <Box component="form" onSubmit={submit} noValidate sx={{ display: 'grid', gap: 2 }}>
      <Section
        title="Proposed limits"
        flush
        actions={
          <Button variant="outlined" onClick={() => setEdited(-1)}>
            Add a limit
          </Button>
        }
      >
        <DataTable
          label="proposed limits"
          columns={columns}
          rows={[...limits]}
          rowKey={(limit, index) => `${limitKey(limit)} ${index}`}
          maxHeight={420}
          empty={<Empty title="No limit: nothing would raise an alert" />}
        />
      </Section>
      <Section
        title="Back-test"
        note="What the proposed limits would have raised over the last 90 days, beside those in force."
      >
        {!isNews ? (
          <Box sx={{ typography: 'body2', color: 'text.secondary', py: 1 }}>
            Change a limit to see what it would do.
          </Box>
        ) : (
          <Answer query={preview} label="back-test" rows={3}>
            {(backTest) => <BackTestView backTest={backTest} />}
          </Answer>
        )}
      </Section>
      <Section title="Save">
        <Box sx={{ display: 'grid', gap: 1.5, maxWidth: 720, pt: 0.5 }}>
          {changes.length > 0 && (
            <Box component="ul" sx={{ m: 0, pl: 2.5, typography: 'body2' }}>
              {changes.map((change) => (
                <li key={change}>{change}</li>
              ))}
            </Box>
          )}
          <ReasonField value={reason} onChange={setReason} />
          {save.error !== null && (
            <Failure
              error={save.error}
              title="The limits were not saved"
              onReload={() =>
                void onReload().then((newest) => {
                  if (newest !== null) setBase(newest)
                  save.reset()
                })
              }
            />
          )}
          <Box sx={{ display: 'flex', gap: 1 }}>
            <GuardedButton
              method="thresholds.save"
              type="submit"
              variant="contained"
              whyNot={obstacle}
              loading={save.isPending}
            >
              {`Save as version ${(base.version ?? 0) + 1}`}
            </GuardedButton>
            <Button onClick={onClose}>Discard the changes</Button>
          </Box>
        </Box>
      </Section>
      {edited !== undefined && (
        <LimitDialog
          targetType={target.type}
          limit={limits[edited] ?? null}
          onClose={() => setEdited(undefined)}
          onSave={(limit) => {
            setLimits(edited < 0 ? [...limits, limit] : limits.map((each, at) => (at === edited ? limit : each)))
            setEdited(undefined)
          }}
        />
      )}
    </Box>
  )
}
