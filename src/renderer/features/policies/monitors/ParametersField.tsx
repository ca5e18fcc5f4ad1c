import Box from '@mui/material/Box'
import TextField from '@mui/material/TextField'
import type { MonitorKind } from '../../../../contract/finding.ts'
import { type Json, json } from '../../../../contract/primitives.ts'
import { Disclosure } from '../../shared/Disclosure.tsx'

/** What a person most often sets; everything has a default, and the service names a field that it does not know. */
const common: Record<MonitorKind, Record<string, string>> = {
  drift: {
    columns: 'list of columns to look at; null: all inputs',
    numericMeasure:
      'jensenShannon, psi, hellinger, totalVariation, kullbackLeibler, wassersteinNormed, ks, meanShift or energyCoefficient',
    overrides: 'measure, threshold and test by column, e.g. {"age": {"measure": "ks", "threshold": 0.2}}',
    alpha: 'level of the test, 0.05 by default',
    minimumN: 'fewer values are not judged',
  },
  performance: { confidence: 'of the intervals, 0.95 by default', minimumN: 'fewer labels are not judged' },
  integrity: {
    warningShare: 'share of faulty rows that warns',
    breachShare: 'share of faulty rows that breaches',
    maxFreshnessMs: 'age of the newest sample that is too old; null: any',
  },
  bias: {
    threshold: 'change of a class’s share that matters',
    targetShares: 'shares that classes should have, in place of the reference, e.g. {"cat": 0.5, "dog": 0.5}',
    minimumN: 'fewer predictions are not judged',
  },
  fairness: {
    groupColumns: 'list of columns by whose values groups are made; needed',
    controlColumns: 'list of columns within whose levels groups are compared as well',
    privileged: 'group by which selection is measured, e.g. {"sex": "m"}; null: the largest',
    metrics: 'list of metrics to judge besides the usual measures, e.g. ["f1", "rocAuc"]',
    minimumGroupSize: 'smaller groups are shown, not judged',
    maxDifference: 'from which difference unequal treatment matters',
  },
  errors: {
    maxDepth: 'of the tree',
    minLeaf: 'fewest rows in a slice',
    columns: 'that may describe a slice; null: all',
  },
  explanation: { repeats: 'shuffles per column', maxRows: 'rows that are asked about' },
  device: {},
  endpoint: {},
}

/** Parameters as they are typed; null while they are not an object of JSON. */
export function readParameters(text: string): Record<string, Json> | null {
  if (text.trim() === '') return {}
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    return null
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return null
  return json.safeParse(value).success ? (value as Record<string, Json>) : null
}

export type ParametersFieldProps = { kind: MonitorKind; text: string; onChange: (text: string) => void }

/** Parameters of the question, for whoever needs others than the defaults. */
export function ParametersField({ kind, text, onChange }: ParametersFieldProps) {
  const isBroken = readParameters(text) === null
  const known = Object.entries(common[kind])
  return (
    <Disclosure summary="Parameters" open={text.trim() !== '{}'}>
      <Box sx={{ display: 'grid', gap: 1, pt: 1 }}>
        <TextField
          label="Parameters (JSON)"
          value={text}
          onChange={(event) => onChange(event.target.value)}
          multiline
          minRows={3}
          error={isBroken}
          helperText={isBroken ? 'This is not an object in JSON' : 'What is left out keeps its default'}
          slotProps={{ htmlInput: { spellCheck: false } }}
        />
        {known.length > 0 && (
          <Box component="ul" sx={{ m: 0, pl: 2.5, color: 'text.secondary' }}>
            {known.map(([name, meaning]) => (
              <li key={name}>
                <code>{name}</code>: {meaning}
              </li>
            ))}
          </Box>
        )}
      </Box>
    </Disclosure>
  )
}
