import Box from '@mui/material/Box'
import Link from '@mui/material/Link'
import { Link as RouterLink } from 'react-router'
import type { OutputOf } from '../../../contract/api.ts'
import { useEnvironment } from '../../app/shell-info.ts'
import { pathTo } from '../../data/paths.ts'
import { useNow } from '../../data/use-now.ts'
import { useSearchValue } from '../../data/use-search-value.ts'
import { useQueryMethod } from '../../rpc/hooks.ts'
import { formatCount } from '../../widgets/format.ts'
import { Headline } from '../../widgets/Headline.tsx'
import { PageHeader } from '../../widgets/PageHeader.tsx'
import { Section } from '../../widgets/Section.tsx'
import { Empty } from '../../widgets/States.tsx'
import { HealthRows, worstFirst } from '../overview/HealthRows.tsx'
import { Answer } from '../shared/Answer.tsx'
import { GuardedButton } from '../shared/GuardedButton.tsx'
import { CreateModelDialog } from './dialogs/CreateModelDialog.tsx'

type ModelRow = OutputOf<'models.list'>[number]

/** Every model with what runs of it, the environment in view first. */
export function ModelsPage() {
  const models = useQueryMethod('models.list', {})
  const [asked, setAsked] = useSearchValue('new')
  return (
    <>
      <PageHeader
        title="Models"
        actions={
          <GuardedButton method="models.create" variant="outlined" onClick={() => setAsked('model')}>
            New model
          </GuardedButton>
        }
      />
      <Answer query={models} label="models" rows={8}>
        {(rows) =>
          rows.length === 0 ? (
            <Empty
              title="No models yet"
              hint="A model is what answers; its versions are the builds of it. Name one, register the version that runs, and say where it is deployed."
              action={{ label: 'Create a model', onClick: () => setAsked('model') }}
            />
          ) : (
            <ModelList rows={rows} />
          )
        }
      </Answer>
      {asked === 'model' && <CreateModelDialog onClose={() => setAsked(null)} />}
    </>
  )
}

function ModelList({ rows }: { rows: readonly ModelRow[] }) {
  const nowAt = useNow()
  const { environment } = useEnvironment()
  const worst = worstFirst(
    rows.flatMap(({ deployments }) => deployments.filter((row) => row.environment === environment)),
  )
  return (
    <Box sx={{ display: 'grid', gap: 2 }}>
      {worst.length > 0 && <Headline status={worst[0].headline.status} text={worst[0].headline.text} />}
      {rows.map(({ model, versions, deployments }) => (
        <Section
          key={model.id}
          title={model.name}
          note={[model.task, versions === 1 ? '1 version' : `${formatCount(versions)} versions`, model.description]
            .filter((part) => part !== '')
            .join(' · ')}
          flush
          actions={
            <Link component={RouterLink} to={pathTo.model(model.id)} sx={{ typography: 'button' }}>
              Open
            </Link>
          }
        >
          {deployments.length === 0 ? (
            <Box sx={{ px: 2, py: 1.5, typography: 'body2', color: 'text.secondary' }}>
              Not deployed yet.{' '}
              <Link component={RouterLink} to={pathTo.model(model.id, 'lineage')}>
                Register a version and deploy it
              </Link>
            </Box>
          ) : (
            <HealthRows
              label={`Deployments of ${model.name}`}
              rows={[...deployments].sort(
                (left, right) => Number(right.environment === environment) - Number(left.environment === environment),
              )}
              nowAt={nowAt}
            />
          )}
        </Section>
      ))}
    </Box>
  )
}
