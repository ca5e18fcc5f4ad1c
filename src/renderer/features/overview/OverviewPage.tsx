import Box from '@mui/material/Box'
import Button from '@mui/material/Button'
import Link from '@mui/material/Link'
import type { ReactNode } from 'react'
import { Link as RouterLink } from 'react-router'
import type { OutputOf } from '../../../contract/api.ts'
import { useEnvironment } from '../../app/shell-info.ts'
import { pathTo } from '../../data/paths.ts'
import { useNow } from '../../data/use-now.ts'
import { useQueryMethod } from '../../rpc/hooks.ts'
import { formatCount } from '../../widgets/format.ts'
import { Headline } from '../../widgets/Headline.tsx'
import { PageHeader } from '../../widgets/PageHeader.tsx'
import { Section } from '../../widgets/Section.tsx'
import { Answer } from '../shared/Answer.tsx'
import { ConnectionProblems } from './ConnectionProblems.tsx'
import { FirstSteps } from './FirstSteps.tsx'
import { HealthRows, worstFirst } from './HealthRows.tsx'
import { ReleasesInProgress } from './ReleasesInProgress.tsx'

type Overview = OutputOf<'overview.get'>

/** Is everything all right? If not: what, since when, and where to go. */
export function OverviewPage() {
  const overview = useQueryMethod('overview.get', {})
  return (
    <>
      <PageHeader title="Overview" />
      <Answer query={overview} label="the overview" rows={8}>
        {(data) => <OverviewContent overview={data} />}
      </Answer>
    </>
  )
}

function OverviewContent({ overview }: { overview: Overview }) {
  const isEmpty = overview.deployments.length === 0 && overview.devices.length === 0
  const open = overview.openAlerts.critical + overview.openAlerts.warning
  return (
    <Box sx={{ display: 'grid', gap: 2 }}>
      <div>
        <Headline
          status={overview.headline.status}
          text={overview.headline.text}
          actions={
            open > 0 && (
              <Button variant="outlined" component={RouterLink} to={pathTo.alerts()}>
                {open === 1 ? 'Open the alert' : `Open ${formatCount(open)} alerts`}
              </Button>
            )
          }
        />
        {!isEmpty && <Facts overview={overview} />}
      </div>
      <ConnectionProblems states={overview.connections} />
      {isEmpty ? <FirstSteps /> : <Watched overview={overview} />}
      {overview.releasesInProgress > 0 && <ReleasesInProgress />}
    </Box>
  )
}

function Facts({ overview }: { overview: Overview }) {
  const { critical, warning } = overview.openAlerts
  const facts: { text: string; path?: string }[] = [
    {
      text:
        critical + warning === 0
          ? 'no open alerts'
          : `${formatCount(critical)} critical and ${formatCount(warning)} warning alerts open`,
      path: pathTo.alerts(),
    },
    {
      text:
        overview.releasesInProgress === 0
          ? 'no release in progress'
          : `${formatCount(overview.releasesInProgress)} ${overview.releasesInProgress === 1 ? 'release' : 'releases'} in progress`,
      path: pathTo.releases(),
    },
    { text: `${formatCount(overview.storedSamples)} samples stored` },
  ]
  return (
    <Box
      sx={{
        display: 'flex',
        flexWrap: 'wrap',
        columnGap: 3,
        px: 2,
        pt: 1,
        typography: 'body2',
        color: 'text.secondary',
      }}
    >
      {facts.map(({ text, path }) =>
        path === undefined ? (
          <span key={text}>{text}</span>
        ) : (
          <Link key={text} component={RouterLink} to={path} color="inherit">
            {text}
          </Link>
        ),
      )}
    </Box>
  )
}

function Watched({ overview }: { overview: Overview }) {
  const nowAt = useNow()
  const { environment, setEnvironment } = useEnvironment()
  const here = overview.deployments.filter((row) => row.environment === environment)
  const elsewhere = overview.deployments.length - here.length
  const other = environment === 'production' ? 'test' : 'production'
  const { devices, deviceCount } = overview
  return (
    <>
      <Section
        title={`Deployments in ${environment}`}
        flush
        actions={
          elsewhere > 0 && (
            <Button onClick={() => setEnvironment(other)}>{`${formatCount(elsewhere)} more in ${other}`}</Button>
          )
        }
      >
        {here.length === 0 ? (
          <Nothing>{`Nothing is deployed in ${environment} yet.`}</Nothing>
        ) : (
          <HealthRows label={`Deployments in ${environment}`} rows={worstFirst(here)} nowAt={nowAt} />
        )}
      </Section>
      <Section
        title="Devices"
        flush
        actions={
          deviceCount > devices.length && (
            <Button component={RouterLink} to={pathTo.devices()}>{`All ${formatCount(deviceCount)} devices`}</Button>
          )
        }
      >
        {devices.length === 0 ? (
          <Nothing>
            No device reports telemetry yet. <RouterLink to={pathTo.connections()}>Connect a broker</RouterLink> or{' '}
            <RouterLink to={pathTo.devices()}>register a device</RouterLink>.
          </Nothing>
        ) : (
          <HealthRows label="Devices" rows={devices} nowAt={nowAt} />
        )}
      </Section>
    </>
  )
}

function Nothing({ children }: { children: ReactNode }) {
  return (
    <Box sx={{ px: 2, py: 2, typography: 'body2', color: 'text.secondary', '& a': { color: 'primary.main' } }}>
      {children}
    </Box>
  )
}
