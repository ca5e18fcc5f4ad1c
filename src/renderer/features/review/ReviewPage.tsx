import Box from '@mui/material/Box'
import MenuItem from '@mui/material/MenuItem'
import TextField from '@mui/material/TextField'
import { useState } from 'react'
import type { OutputOf } from '../../../contract/api.ts'
import { useEnvironment } from '../../app/shell-info.ts'
import { useSearchValue } from '../../data/use-search-value.ts'
import { useQueryMethod } from '../../rpc/hooks.ts'
import { Headline } from '../../widgets/Headline.tsx'
import { PageHeader } from '../../widgets/PageHeader.tsx'
import { Empty } from '../../widgets/States.tsx'
import { Answer } from '../shared/Answer.tsx'
import { LabelDesk } from './LabelDesk.tsx'
import { isStrategy, type Strategy, strategies } from './strategies.ts'

const batchSize = 50

/** Which samples are worth a person's look, and what are they? */
export function ReviewPage() {
  const models = useQueryMethod('models.list', {}, { follows: { records: ['model', 'deployment'] } })
  return (
    <>
      {models.data === undefined && <PageHeader title="Review" />}
      <Answer query={models} label="deployments" rows={8}>
        {(list) => <ReviewContent models={list} />}
      </Answer>
    </>
  )
}

function ReviewContent({ models }: { models: OutputOf<'models.list'> }) {
  const { environment } = useEnvironment()
  const [named, setNamed] = useSearchValue('deployment')
  const [asked, setStrategy] = useSearchValue('strategy')
  const strategy: Strategy = isStrategy(asked) ? asked : 'uncertain'
  const rows = models.flatMap(({ deployments }) => deployments)
  const row =
    rows.find(({ target }) => target.id === named) ??
    rows.find((each) => each.environment === environment) ??
    rows.at(0) ??
    null
  if (row === null || row.modelId === null) {
    return (
      <>
        <PageHeader title="Review" />
        <Empty
          title="Nothing to review yet"
          hint="Once a deployment has samples, those worth a person's look are queued here."
        />
      </>
    )
  }
  return (
    <>
      <PageHeader
        title="Review"
        context={`Samples of ${row.name} in ${row.environment} that are worth a label`}
        actions={
          <>
            <TextField
              select
              label="Deployment"
              value={row.target.id}
              onChange={(event) => setNamed(event.target.value)}
              sx={{ minWidth: 190 }}
            >
              {rows.map((each) => (
                <MenuItem key={each.target.id} value={each.target.id}>
                  {`${each.name}, ${each.environment}`}
                </MenuItem>
              ))}
            </TextField>
            <TextField
              select
              label="Which first"
              value={strategy}
              onChange={(event) => setStrategy(event.target.value)}
              sx={{ minWidth: 170 }}
            >
              {Object.entries(strategies).map(([id, { name }]) => (
                <MenuItem key={id} value={id}>
                  {name}
                </MenuItem>
              ))}
            </TextField>
          </>
        }
      />
      <Headline status={row.headline.status} text={row.headline.text} />
      <Box sx={{ px: 2, pt: 1, typography: 'body2', color: 'text.secondary' }}>{strategies[strategy].note}</Box>
      <Queue
        key={`${row.target.id} ${strategy}`}
        deploymentId={row.target.id}
        modelId={row.modelId}
        strategy={strategy}
      />
    </>
  )
}

function Queue(props: { deploymentId: string; modelId: string; strategy: Strategy }) {
  const { deploymentId, modelId, strategy } = props
  const [round, setRound] = useState(0)
  // The queue stays as it is while somebody works on it, whatever comes in meanwhile.
  const queue = useQueryMethod('review.queue', { deploymentId, strategy, limit: batchSize }, { follows: {} })
  const model = useQueryMethod('models.get', { id: modelId }, { follows: { records: ['model', 'version'] } })
  const next = async () => {
    await queue.refetch()
    setRound((before) => before + 1)
  }
  return (
    <Box sx={{ pt: 2 }}>
      <Answer query={model} label="the model" rows={8}>
        {(answer) => (
          <Answer query={queue} label="the queue" rows={8}>
            {(items) =>
              items.length === 0 ? (
                <Empty
                  title="Every sample here has a label"
                  hint="New samples join the queue as they come in."
                  action={{ label: 'Look again', onClick: () => void next() }}
                />
              ) : (
                <LabelDesk
                  key={round}
                  deploymentId={deploymentId}
                  items={items}
                  versions={answer.versions.map(({ record }) => record)}
                  onNextBatch={() => void next()}
                />
              )
            }
          </Answer>
        )}
      </Answer>
    </Box>
  )
}
