import Box from '@mui/material/Box'
import Typography from '@mui/material/Typography'
import { useMemo } from 'react'
import type {
  ExplanationKind,
  SampleContributions,
  SampleCounterfactuals,
  SampleOcclusion,
} from '../../../../contract/explanation.ts'
import type { LabelledSample } from '../../../../contract/sample.ts'
import { Chart } from '../../../charts/Chart.tsx'
import { waterfall, waterfallHeight } from '../../../charts/waterfall.ts'
import { hasEnded, useJobCommand } from '../../../data/jobs.ts'
import { useQueryMethod } from '../../../rpc/hooks.ts'
import { formatCount, formatInstant, formatNumber } from '../../../widgets/format.ts'
import { Picture } from '../../../widgets/Picture.tsx'
import { Progress } from '../../../widgets/Progress.tsx'
import { ErrorState } from '../../../widgets/States.tsx'
import { Status } from '../../../widgets/Status.tsx'
import { GuardedButton } from '../../shared/GuardedButton.tsx'
import { useDeployedView } from '../model-view.ts'

/** Contributions that are drawn one by one; the rest is one step. */
const shownSteps = 12

/** Why was it predicted so? Asked on demand, because the model has to be asked. */
export function SampleExplanation({ sample }: { sample: LabelledSample }) {
  const { version } = useDeployedView()
  const { columns, task } = version.schema
  const isPicture = columns.some(({ role, type }) => role === 'input' && type === 'image')
  return (
    <Box component="section" aria-label="Why" sx={{ display: 'grid', gap: 1 }}>
      <Typography variant="h3">Why this prediction</Typography>
      <Place sample={sample} />
      {isPicture && (
        <Asked sample={sample} what="occlusion" label="Show where in the picture it lies">
          {(explanation) => explanation.kind === 'occlusion' && <Occlusion found={explanation} sample={sample} />}
        </Asked>
      )}
      {!isPicture && (
        <Asked sample={sample} what="contributions" label="Show what pushed it">
          {(explanation) => explanation.kind === 'contributions' && <Contributions found={explanation} />}
        </Asked>
      )}
      {!isPicture && task !== 'regression' && (
        <Asked sample={sample} what="counterfactuals" label="Find what would change it">
          {(explanation) => explanation.kind === 'counterfactuals' && <Counterfactuals found={explanation} />}
        </Asked>
      )}
    </Box>
  )
}

/** Where it lies in the reference: a prediction about what was never seen deserves less trust. */
function Place({ sample }: { sample: LabelledSample }) {
  const { deploymentId, id } = sample
  const placed = useQueryMethod('explanations.envelope', { deploymentId, sampleId: id }, { follows: {} })
  if (placed.data === undefined) {
    const said = placed.error === null ? 'Comparing it with the reference …' : placed.error.message
    return (
      <Typography variant="body2" sx={{ color: 'text.secondary' }}>
        {said}
      </Typography>
    )
  }
  const { envelope, reason } = placed.data
  if (envelope === null)
    return (
      <Typography variant="body2" sx={{ color: 'text.secondary' }}>
        {`Where it lies in the reference cannot be said: ${reason ?? ''}`}
      </Typography>
    )
  const { pValue, sentence } = envelope
  return (
    <Box sx={{ display: 'flex', gap: 1.5, alignItems: 'baseline', typography: 'body2' }}>
      <Status
        status={pValue <= 0.01 ? 'breach' : pValue <= 0.05 ? 'warning' : 'ok'}
        label={pValue <= 0.01 ? 'outside' : pValue <= 0.05 ? 'at the edge' : 'inside'}
      />
      <span>{sentence}</span>
    </Box>
  )
}

type Found = NonNullable<ReturnType<typeof useExplanation>['found']>
type Explanation = Found['kept']['explanation']

/** What is known of the sample already; asks when somebody wants it, and shows progress. */
function useExplanation({ deploymentId, id: sampleId }: LabelledSample, what: ExplanationKind) {
  const asking = useJobCommand('explanations.ask')
  const known = useQueryMethod(
    'explanations.list',
    { deploymentId, sampleId },
    { follows: { records: ['explanation'] } },
  )
  const found = known.data?.find(({ kept }) => kept.what === what) ?? null
  return {
    asking,
    ask: () => asking.start({ deploymentId, sampleId, what }),
    found,
    problem: asking.problem ?? known.error?.message ?? null,
  }
}

/** By whom, when and of what it was computed. */
function sayKept({ kept, versionName, askedBy }: Found): string {
  const budget = kept.budgetRows === null ? '' : `, at most ${formatCount(kept.budgetRows)} rows`
  return `Asked ${formatInstant(kept.at)}${askedBy === null ? '' : ` by ${askedBy}`}: version ${versionName}${kept.asks === 'endpoint' ? ', its endpoint' : ''}${budget}, engine ${kept.engine}. Kept with the workspace.`
}

function Asked(props: {
  sample: LabelledSample
  what: ExplanationKind
  label: string
  children: (explanation: Explanation) => React.ReactNode
}) {
  const { sample, what, label, children } = props
  const { asking, ask, found, problem } = useExplanation(sample, what)
  if (found !== null)
    return (
      <>
        {children(found.kept.explanation)}
        <Typography variant="body2" sx={{ color: 'text.secondary' }}>
          {sayKept(found)}
        </Typography>
      </>
    )
  return (
    <>
      <Box>
        <GuardedButton
          method="explanations.ask"
          variant="outlined"
          whyNot={asking.isBusy ? 'The model is being asked' : null}
          onClick={ask}
        >
          {label}
        </GuardedButton>
      </Box>
      {asking.isBusy && (
        <Progress
          label="Asking the model"
          done={asking.job?.progress ?? null}
          detail={asking.job?.message}
          onCancel={asking.job !== null && !hasEnded(asking.job) ? asking.cancel : undefined}
        />
      )}
      {problem !== null && <ErrorState title="It could not be explained" message={problem} />}
    </>
  )
}

/** From the mean over the background to this prediction, one step a column. */
function Contributions({ found }: { found: SampleContributions }) {
  const { base, value, unit, contributions, output, sentence } = found
  const steps = useMemo(() => {
    const shown = contributions.slice(0, shownSteps).map(({ column, value: input, contribution }) => ({
      name: `${column} ${typeof input === 'number' ? Number(input.toPrecision(5)) : (input ?? 'missing')}`,
      size: contribution,
    }))
    const rest = contributions.slice(shownSteps)
    if (rest.length === 0) return shown
    return [
      ...shown,
      { name: `${rest.length} more columns`, size: rest.reduce((sum, { contribution }) => sum + contribution, 0) },
    ]
  }, [contributions])
  const measure = output === null ? 'Prediction' : `${unit} of ${output}`
  const spec = useMemo(() => waterfall({ measure, base, value, steps }), [measure, base, value, steps])
  return (
    <>
      <Chart spec={spec} height={waterfallHeight(steps.length)} />
      <Box component="ul" sx={{ m: 0, pl: 2.5, typography: 'body2' }}>
        {contributions.slice(0, 3).map((each) => (
          <li key={each.column}>{each.sentence}</li>
        ))}
      </Box>
      <Typography variant="body2" sx={{ color: 'text.secondary' }}>
        {sentence}
      </Typography>
    </>
  )
}

/** Other inputs under which the model would have said something else, the nearest first. */
function Counterfactuals({ found }: { found: SampleCounterfactuals }) {
  return (
    <>
      {found.found.length > 0 && (
        <Box component="ul" sx={{ m: 0, pl: 2.5, typography: 'body2' }}>
          {found.found.map(({ sentence, distance, score }) => (
            <li key={sentence}>
              {sentence}
              <Box component="span" sx={{ color: 'text.secondary' }}>
                {` (size ${formatNumber(distance)}${score === null ? '' : `, score ${formatNumber(score)}`})`}
              </Box>
            </li>
          ))}
        </Box>
      )}
      <Typography variant="body2" sx={{ color: 'text.secondary' }}>
        {found.sentence}
      </Typography>
    </>
  )
}

const pictureSize = 256

/** The picture under a sheet that is clear where it decides: what hides nothing is dark. */
function Occlusion({ found, sample }: { found: SampleOcclusion; sample: LabelledSample }) {
  const { columns, rows, losses, output, score } = found
  const largest = Math.max(...losses, 0)
  const digest = sample.inputs[found.column]
  const scale = pictureSize / Math.max(columns, rows)
  const cells = losses.map((loss, place) => ({ loss, x: place % columns, y: Math.floor(place / columns) }))
  return (
    <>
      <Box
        role="img"
        aria-label={found.sentence}
        sx={{ position: 'relative', width: pictureSize, height: pictureSize, display: 'grid', placeContent: 'center' }}
      >
        <Picture digest={typeof digest === 'string' ? digest : null} alt={found.column} size={pictureSize} />
        <Box
          component="svg"
          aria-hidden
          viewBox={`0 0 ${columns} ${rows}`}
          sx={{ position: 'absolute', inset: 0, m: 'auto', width: columns * scale, height: rows * scale }}
        >
          {cells.map(({ loss, x, y }) => (
            <rect
              key={`${x} ${y}`}
              x={x}
              y={y}
              width={1}
              height={1}
              shapeRendering="crispEdges"
              fill="#0b1013"
              opacity={dimOf(loss, largest)}
            >
              <title>{`covered here, the score of ${output} is ${formatNumber(score - loss)}`}</title>
            </rect>
          ))}
        </Box>
      </Box>
      <Typography variant="body2" sx={{ color: 'text.secondary' }}>
        {`Clear where covering costs the score of ${output} most, dark where it costs nothing. ${found.sentence}`}
      </Typography>
    </>
  )
}

const dimOf = (loss: number, largest: number) => (largest <= 0 ? 0.75 : 0.78 * (1 - Math.max(0, loss) / largest))
