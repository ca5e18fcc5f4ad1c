import Box from '@mui/material/Box'
import TextField from '@mui/material/TextField'
import { useState } from 'react'
import { type Limit, limit as limitSchema, type MonitorKind, type Target } from '../../../../contract/finding.ts'
import { ChoiceField } from '../../shared/ChoiceField.tsx'
import { FormDialog } from '../../shared/FormDialog.tsx'
import { NumberField } from '../../shared/NumberField.tsx'
import { problemsOf } from '../../shared/problems.ts'
import { metricOf, monitorKinds } from '../../shared/words.ts'
import { limitKindsOf } from '../kinds-of-target.ts'
import { limitSentence } from './limit-words.ts'

export type LimitDialogProps = {
  targetType: Target['type']
  /** Null adds one. */
  limit: Limit | null
  onSave: (limit: Limit) => void
  onClose: () => void
}

/** While it is typed, a level may be missing. */
type LimitDraft = Omit<Limit, 'breach'> & { breach: number | null }

const selectorWords = { column: 'Column', channel: 'Channel', className: 'Class', group: 'Group' } as const

function blankLimit(kind: MonitorKind): LimitDraft {
  return {
    kind,
    subject: { metric: monitorKinds[kind].metrics[0].id },
    direction: kind === 'performance' ? 'below' : 'above',
    warning: null,
    breach: null,
    upperBreach: null,
    persistence: { k: 1, of: 1 },
    severity: 'warning',
  }
}

/** One limit: on which number, how much is too much, and how often before an alert. */
export function LimitDialog({ targetType, limit, onSave, onClose }: LimitDialogProps) {
  const kinds = limitKindsOf(targetType)
  const [draft, setDraft] = useState<LimitDraft>(limit ?? blankLimit(kinds[0]))
  const change = (changes: Partial<LimitDraft>) => setDraft((before) => ({ ...before, ...changes }))
  const { kind, subject, direction, persistence } = draft
  const metric = metricOf(kind, subject.metric ?? '')
  const selector = metric?.selector ?? null
  const isOutside = direction === 'outside'
  const rangeProblem =
    isOutside && draft.breach !== null && draft.upperBreach !== null && draft.breach >= draft.upperBreach
      ? 'The upper end must be higher'
      : null
  const oftenProblem = persistence.k > persistence.of ? 'Not more than the findings looked at' : null
  const parsed = limitSchema.safeParse(draft)
  const complete =
    parsed.success && rangeProblem === null && oftenProblem === null && (!isOutside || draft.upperBreach !== null)
  const problems = problemsOf(limitSchema, draft)
  const unit = metric?.unit === 'percent' ? 'share, 0 to 1' : metric?.unit === 'milliseconds' ? 'ms' : undefined
  return (
    <FormDialog
      title={limit === null ? 'Add a limit' : 'Edit the limit'}
      consequence={
        parsed.success ? limitSentence(parsed.data) : 'A limit says which values of a number are acceptable.'
      }
      submitLabel={limit === null ? 'Add' : 'Take over'}
      complete={complete}
      busy={false}
      error={null}
      onClose={onClose}
      onSubmit={() => parsed.success && onSave(parsed.data)}
    >
      <Box sx={{ display: 'grid', gridTemplateColumns: '1fr 1fr', gap: 2 }}>
        <ChoiceField
          label="Question"
          value={kind}
          choices={kinds.map((each) => ({ id: each, label: monitorKinds[each].word }))}
          onChange={(id) => setDraft(blankLimit(kinds.find((each) => each === id) ?? kinds[0]))}
        />
        <ChoiceField
          label="Number"
          value={subject.metric}
          choices={monitorKinds[kind].metrics.map(({ id, word }) => ({ id, label: word }))}
          onChange={(id) => change({ subject: { metric: id } })}
        />
        {selector !== null && (
          <TextField
            label={`${selectorWords[selector]} (empty: any)`}
            value={subject[selector] ?? ''}
            onChange={(event) =>
              change({
                subject: {
                  metric: subject.metric,
                  ...(event.target.value.trim() !== '' && { [selector]: event.target.value.trim() }),
                },
              })
            }
          />
        )}
        <ChoiceField
          label="Too much is"
          value={direction}
          choices={[
            { id: 'above', label: 'above the limit' },
            { id: 'below', label: 'below the limit' },
            { id: 'outside', label: 'outside a range' },
          ]}
          onChange={(id) =>
            change({
              direction: id === 'above' || id === 'below' ? id : 'outside',
              upperBreach: id === 'outside' ? draft.upperBreach : null,
            })
          }
        />
        <NumberField
          label={isOutside ? 'Lower end' : 'Limit (breach)'}
          value={draft.breach}
          onChange={(breach) => change({ breach })}
          unit={unit}
          required
        />
        {isOutside && (
          <NumberField
            label="Upper end"
            value={draft.upperBreach}
            onChange={(upperBreach) => change({ upperBreach })}
            problem={rangeProblem}
            required
          />
        )}
        <NumberField
          label={isOutside ? 'Warn this far inside' : 'Warn from'}
          value={draft.warning}
          onChange={(warning) => change({ warning })}
          helperText="Empty: no warning"
        />
        <ChoiceField
          label="Severity"
          value={draft.severity}
          choices={[
            { id: 'warning', label: 'Warning' },
            { id: 'critical', label: 'Critical' },
          ]}
          onChange={(id) => change({ severity: id === 'critical' ? 'critical' : 'warning' })}
        />
        <NumberField
          label="Alert when this many breach"
          value={persistence.k}
          onChange={(k) => change({ persistence: { ...persistence, k: Math.round(k ?? 0) } })}
          problem={oftenProblem ?? problems.get('persistence.k') ?? null}
        />
        <NumberField
          label="Of the last findings"
          value={persistence.of}
          onChange={(of) => change({ persistence: { ...persistence, of: Math.round(of ?? 0) } })}
          problem={problems.get('persistence.of') ?? null}
        />
      </Box>
    </FormDialog>
  )
}
