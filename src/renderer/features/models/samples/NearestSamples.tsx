import Box from '@mui/material/Box'
import ButtonBase from '@mui/material/ButtonBase'
import Typography from '@mui/material/Typography'
import type { LabelledSample } from '../../../../contract/sample.ts'
import { useQueryMethod } from '../../../rpc/hooks.ts'
import { formatCount, formatFixed, formatInstant } from '../../../widgets/format.ts'
import { Status } from '../../../widgets/Status.tsx'
import { Answer } from '../../shared/Answer.tsx'
import { useDeployedView } from '../model-view.ts'

/** The labelled samples most like this one: was it a slip, or does the model err on everything like it? */
export function NearestSamples({ sample, onShow }: { sample: LabelledSample; onShow: (id: string) => void }) {
  const { deployment, window, model } = useDeployedView()
  const found = useQueryMethod(
    'samples.nearest',
    { deploymentId: deployment.id, id: sample.id, window },
    { keepsPrevious: true, follows: { data: ['labels'] } },
  )
  const isClass = model.task !== 'regression'
  return (
    <Box component="section" aria-label="Similar samples" sx={{ display: 'grid', gap: 0.75 }}>
      <Typography variant="h3">Similar samples</Typography>
      <Answer query={found} label="similar samples" rows={3}>
        {({ nearest, lookedAt }) =>
          nearest.length === 0 ? (
            <Box sx={{ typography: 'body2', color: 'text.secondary' }}>
              No labelled sample of the window can be compared with this one.
            </Box>
          ) : (
            <>
              <Box sx={{ typography: 'body2', color: 'text.secondary' }}>
                {`The ${numberWords[nearest.length] ?? formatCount(nearest.length)} most similar of ${formatCount(lookedAt)} labelled samples in the window${
                  isClass ? `, of which ${formatCount(nearest.filter(({ isRight }) => isRight).length)} right` : ''
                }. Distance: 0 alike in every input, 1 as different as can be (Gower)`}
              </Box>
              {nearest.map(({ sample: other, distance, isRight }) => (
                <ButtonBase
                  key={other.id}
                  onClick={() => onShow(other.id)}
                  sx={{
                    display: 'grid',
                    gridTemplateColumns: '52px minmax(0, 1fr) auto',
                    gap: 1,
                    typography: 'body2',
                    textAlign: 'left',
                    justifyItems: 'start',
                    py: 0.25,
                  }}
                >
                  <Box component="span" sx={{ fontVariantNumeric: 'tabular-nums' }}>
                    {formatFixed(distance, 3)}
                  </Box>
                  <Box
                    component="span"
                    sx={{ overflow: 'hidden', textOverflow: 'ellipsis', whiteSpace: 'nowrap', maxWidth: '100%' }}
                  >
                    {`${other.id}, ${formatInstant(other.at)}`}
                  </Box>
                  {isClass ? (
                    <Status
                      status={isRight ? 'ok' : 'breach'}
                      label={isRight ? `${other.prediction}, right` : `${other.prediction}, is ${other.label}`}
                    />
                  ) : (
                    <span>{`${other.prediction}, was ${other.label}`}</span>
                  )}
                </ButtonBase>
              ))}
            </>
          )
        }
      </Answer>
    </Box>
  )
}

const numberWords = ['', 'one', 'two', 'three', 'four', 'five']
