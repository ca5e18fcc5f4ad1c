import Box from '@mui/material/Box'
import Button from '@mui/material/Button'
import Link from '@mui/material/Link'
import MenuItem from '@mui/material/MenuItem'
import Tab from '@mui/material/Tab'
import Tabs from '@mui/material/Tabs'
import TextField from '@mui/material/TextField'
import { type ComponentType, useMemo } from 'react'
import { Navigate, Link as RouterLink, useLocation, useParams } from 'react-router'
import type { OutputOf } from '../../../contract/api.ts'
import type { Deployment } from '../../../contract/model.ts'
import { useEnvironment } from '../../app/shell-info.ts'
import { type ModelTab, modelTabs, pathTo } from '../../data/paths.ts'
import { useNow } from '../../data/use-now.ts'
import { useSearchValue } from '../../data/use-search-value.ts'
import { useWindow } from '../../data/use-window.ts'
import { useQueryMethod } from '../../rpc/hooks.ts'
import { Headline } from '../../widgets/Headline.tsx'
import { PageHeader } from '../../widgets/PageHeader.tsx'
import { Empty } from '../../widgets/States.tsx'
import { WindowPicker } from '../../widgets/WindowPicker.tsx'
import { Answer } from '../shared/Answer.tsx'
import { type DeployedView, type ModelView, ModelViewContext } from './model-view.ts'
import { DriftTab } from './tabs/DriftTab.tsx'
import { ErrorsTab } from './tabs/ErrorsTab.tsx'
import { ExplanationTab } from './tabs/ExplanationTab.tsx'
import { FairnessTab } from './tabs/FairnessTab.tsx'
import { IntegrityTab } from './tabs/IntegrityTab.tsx'
import { LineageTab } from './tabs/LineageTab.tsx'
import { PerformanceTab } from './tabs/PerformanceTab.tsx'
import { SamplesTab } from './tabs/SamplesTab.tsx'
import { VersionHallmark } from './VersionHallmark.tsx'

const tabs: Record<ModelTab, { title: string; content: ComponentType }> = {
  performance: { title: 'Performance', content: PerformanceTab },
  drift: { title: 'Drift', content: DriftTab },
  integrity: { title: 'Integrity', content: IntegrityTab },
  fairness: { title: 'Bias and fairness', content: FairnessTab },
  errors: { title: 'Errors', content: ErrorsTab },
  explanation: { title: 'Explanation', content: ExplanationTab },
  samples: { title: 'Samples', content: SamplesTab },
  lineage: { title: 'Lineage', content: LineageTab },
}

/** One model: how a deployment of it is doing, question by question, and where its versions came from. */
export function ModelPage() {
  const { modelId = '', tab = 'performance' } = useParams()
  const model = useQueryMethod('models.get', { id: modelId })
  const known = modelTabs.find((each) => each === tab)
  if (known === undefined) return <Navigate to={pathTo.model(modelId)} replace />
  return (
    <>
      {model.data === undefined && <PageHeader title="Model" />}
      <Answer query={model} label="the model" rows={10}>
        {(answer) => <ModelContent answer={answer} tab={known} />}
      </Answer>
    </>
  )
}

function ModelContent({ answer, tab }: { answer: OutputOf<'models.get'>; tab: ModelTab }) {
  const { record: model } = answer.model
  const nowAt = useNow()
  const [choice, setChoice] = useWindow('7d')
  const { deployment, setDeployment } = useChosenDeployment(answer)
  const health = answer.health.find((row) => row.target.id === deployment?.id) ?? null
  const view = useMemo<ModelView | DeployedView>(() => {
    const versions = answer.versions.map(({ record }) => record)
    const datasets = answer.datasets.map(({ record }) => record)
    const base = { answer, model, versions, datasets, window: choice.window, nowAt }
    const version = versions.find(({ id }) => id === deployment?.versionId)
    return deployment === null || version === undefined ? base : { ...base, deployment, version, health }
  }, [answer, model, choice.window, nowAt, deployment, health])
  const isDeployed = 'deployment' in view
  const Content = tabs[tab].content

  return (
    <ModelViewContext value={view}>
      <PageHeader
        title={model.name}
        context={
          <>
            <Link component={RouterLink} to={pathTo.models()} color="inherit">
              Models
            </Link>
            {` / ${model.key}`}
          </>
        }
        mark={
          isDeployed && answer.certifiedVersionIds.includes(view.version.id) ? (
            <VersionHallmark modelId={model.id} versionName={view.version.name} />
          ) : undefined
        }
        actions={
          <>
            {answer.deployments.length > 0 && (
              <DeploymentPicker answer={answer} deployment={deployment} onChoose={setDeployment} />
            )}
            <WindowPicker value={choice} onChange={setChoice} now={Date.now} />
          </>
        }
      />
      {health !== null && (
        <Headline
          status={health.headline.status}
          text={health.headline.text}
          actions={
            health.openAlerts > 0 && (
              <Button variant="outlined" component={RouterLink} to={`${pathTo.alerts()}?target=${health.target.id}`}>
                {health.openAlerts === 1 ? 'Open the alert' : `Open ${health.openAlerts} alerts`}
              </Button>
            )
          }
        />
      )}
      <TabBar modelId={model.id} tab={tab} />
      <Box role="tabpanel" aria-label={tabs[tab].title} sx={{ display: 'grid', gap: 2, pt: 2 }}>
        {isDeployed || tab === 'lineage' ? (
          <Content key={`${tab} ${deployment?.id}`} />
        ) : (
          <NotDeployed modelId={model.id} />
        )}
      </Box>
    </ModelViewContext>
  )
}

function NotDeployed({ modelId }: { modelId: string }) {
  return (
    <Box sx={{ textAlign: 'center' }}>
      <Empty
        title="This model is not deployed yet"
        hint="Its numbers begin with a deployment: a version that answers somewhere, or whose predictions are imported."
      />
      <Button variant="outlined" component={RouterLink} to={pathTo.model(modelId, 'lineage')}>
        Register a version and deploy it
      </Button>
    </Box>
  )
}

/** The deployment in the address; without one, the first of the environment in view. */
function useChosenDeployment({ deployments }: OutputOf<'models.get'>) {
  const { environment } = useEnvironment()
  const [id, setDeployment] = useSearchValue('deployment')
  const records = deployments.map(({ record }) => record)
  const deployment: Deployment | null =
    records.find((record) => record.id === id) ??
    records.find((record) => record.environment === environment) ??
    records.at(0) ??
    null
  return { deployment, setDeployment }
}

function DeploymentPicker(props: {
  answer: OutputOf<'models.get'>
  deployment: Deployment | null
  onChoose: (id: string) => void
}) {
  const versionName = (id: string) => props.answer.versions.find(({ record }) => record.id === id)?.record.name ?? id
  return (
    <TextField
      select
      label="Deployment"
      value={props.deployment?.id ?? ''}
      onChange={(event) => props.onChoose(event.target.value)}
      sx={{ minWidth: 210 }}
    >
      {props.answer.deployments.map(({ record }) => (
        <MenuItem key={record.id} value={record.id}>
          {`${record.name}, ${record.environment}, ${versionName(record.versionId)}`}
        </MenuItem>
      ))}
    </TextField>
  )
}

/** Which part of the address a tab takes along to the next. */
const shared = ['deployment', 'window', 'from', 'to']

function TabBar({ modelId, tab }: { modelId: string; tab: ModelTab }) {
  const { search } = useLocation()
  const kept = new URLSearchParams(
    [...new URLSearchParams(search)].filter(([name]) => shared.includes(name)),
  ).toString()
  return (
    <Tabs
      value={tab}
      variant="scrollable"
      scrollButtons="auto"
      aria-label="Questions about the model"
      sx={{ mt: 1, borderBottom: 1, borderColor: 'divider' }}
    >
      {modelTabs.map((each) => (
        <Tab
          key={each}
          value={each}
          label={tabs[each].title}
          component={RouterLink}
          to={`${pathTo.model(modelId, each)}${kept === '' ? '' : `?${kept}`}`}
        />
      ))}
    </Tabs>
  )
}
