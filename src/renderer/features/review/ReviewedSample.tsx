import Box from '@mui/material/Box'
import { isBlobKind } from '../../../contract/blob.ts'
import type { Version } from '../../../contract/model.ts'
import { formatNumber } from '../../widgets/format.ts'
import { KeyValue } from '../../widgets/KeyValue.tsx'
import { Section } from '../../widgets/Section.tsx'
import { Time } from '../../widgets/Time.tsx'
import { Scores } from '../models/samples/SampleDrawer.tsx'
import { BlobView } from '../shared/blobs/BlobView.tsx'
import type { QueueItem } from './use-labelling.ts'

export type ReviewedSampleProps = { item: QueueItem; version: Version | null; showsPrediction: boolean }

/** The sample to be labelled, large: its files first, then its numbers, and why it is here. */
export function ReviewedSample({ item, version, showsPrediction }: ReviewedSampleProps) {
  const { sample, reason } = item
  const columns = version?.schema.columns ?? []
  const blobs = columns.flatMap(({ name, type }) => (isBlobKind(type) ? [{ name, type }] : []))
  const others = columns.filter(({ type }) => !isBlobKind(type))
  // Names give way when the schema says nothing of the sample's inputs.
  const names = others.length > 0 ? others.map(({ name }) => name) : Object.keys(sample.inputs)
  const unitOf = (name: string) => others.find((column) => column.name === name)?.unit ?? ''
  return (
    <Section title={`Sample ${sample.id}`} note={`Why this one: ${reason}`}>
      <Box sx={{ display: 'flex', flexWrap: 'wrap', gap: 3, alignItems: 'flex-start' }}>
        {blobs.map((column) => (
          <BlobView key={column.name} sample={sample} column={column} size={360} />
        ))}
        <Box sx={{ flex: 1, minWidth: 260, display: 'grid', gap: 2 }}>
          <KeyValue
            items={[
              { label: 'Event time', value: <Time at={sample.at} withSeconds /> },
              ...names.map((name) => {
                const value = sample.inputs[name] ?? null
                const unit = unitOf(name)
                return {
                  label: name,
                  value:
                    value === null
                      ? 'missing'
                      : `${typeof value === 'number' ? formatNumber(value, 5) : value}${unit === '' ? '' : ` ${unit}`}`,
                }
              }),
              ...(showsPrediction ? [{ label: 'The model said', value: <strong>{sample.prediction}</strong> }] : []),
            ]}
          />
          {showsPrediction && sample.scores !== null && <Scores scores={sample.scores} />}
        </Box>
      </Box>
    </Section>
  )
}
