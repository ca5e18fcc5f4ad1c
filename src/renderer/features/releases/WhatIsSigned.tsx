import Box from '@mui/material/Box'
import type { TestRun } from '../../../contract/release.ts'
import { useQueryMethod } from '../../rpc/hooks.ts'
import { Digest } from '../../widgets/Digest.tsx'
import { absent, formatDate, formatInstant, formatNumber } from '../../widgets/format.ts'
import { KeyValue } from '../../widgets/KeyValue.tsx'
import { openGates, type ReleaseAnswer } from './release-headline.ts'

const dayMs = 86_400_000

/** Everything that the certificate will say, before it is signed. */
export function WhatIsSigned({ answer, run, nowAt }: { answer: ReleaseAnswer; run: TestRun; nowAt: number }) {
  const { release, plan, modelName, versionName } = answer
  const model = useQueryMethod('models.get', { id: release.record.modelId }, { follows: { records: ['version'] } })
  const version = model.data?.versions.find(({ record }) => record.id === release.record.versionId)?.record
  const open = openGates(run)
  const envelope = (version?.schema.columns ?? []).filter(
    ({ range, categories }) => range !== undefined || categories !== undefined,
  )
  return (
    <Box sx={{ display: 'grid', gap: 1 }}>
      <KeyValue
        labelWidth={128}
        items={[
          { label: 'Version', value: `${modelName} ${versionName}` },
          {
            label: 'Artifacts',
            value:
              version === undefined
                ? (model.error?.message ?? 'loading')
                : version.artifacts.map(({ name, digest }) => (
                    <Box key={digest}>
                      {name} <Digest digest={digest} label={`digest of ${name}`} />
                    </Box>
                  )),
          },
          { label: 'Test plan', value: `${plan.record.name}, revision ${run.planRevision}` },
          {
            label: 'Test run',
            value: `finished ${formatInstant(run.finishedAt)} UTC; ${run.gates.length - open.length} of ${run.gates.length} gates passed`,
          },
          {
            label: 'Evidence',
            value:
              run.evidenceDigest === null ? absent : <Digest digest={run.evidenceDigest} label="evidence digest" />,
          },
          { label: 'Test set', value: <Digest digest={run.datasetDigest} label="digest of the test set" /> },
          {
            label: 'Valid until',
            value: `${formatDate(nowAt + plan.record.validityDays * dayMs)} (${plan.record.validityDays} days)`,
          },
          {
            label: 'Holds inside',
            value:
              envelope.length === 0
                ? 'no range is declared: it holds for whatever comes'
                : envelope.map(({ name, range, categories, unit }) => (
                    <Box key={name}>
                      {`${name}: ${
                        range === undefined
                          ? (categories ?? []).slice(0, 6).join(', ')
                          : `${formatNumber(range[0])} to ${formatNumber(range[1])}${unit === undefined ? '' : ` ${unit}`}`
                      }`}
                    </Box>
                  )),
          },
        ]}
      />
    </Box>
  )
}
