import Box from '@mui/material/Box'
import Link from '@mui/material/Link'
import { Link as RouterLink } from 'react-router'
import type { HealthRow } from '../../../contract/api/workspace.ts'
import type { Finding } from '../../../contract/finding.ts'
import { Sparkline } from '../../charts/Sparkline.tsx'
import { estimateOf, unitOfFinding } from '../../data/numbers.ts'
import { pathOfTarget, pathTo } from '../../data/paths.ts'
import { Estimate } from '../../widgets/Estimate.tsx'
import { formatCount, formatInstant, formatRelative } from '../../widgets/format.ts'
import { Status, StatusShape, statusWord } from '../../widgets/Status.tsx'
import { VersionHallmark } from '../models/VersionHallmark.tsx'
import { subjectWord } from '../shared/words.ts'

export type HealthRowsProps = {
  /** What the rows are, for assistive technology. */
  label: string
  rows: readonly HealthRow[]
  nowAt: number
}

const order: HealthRow['headline']['status'][] = ['breach', 'warning', 'insufficient', 'unknown', 'ok']

/** The same rows, the worst first; equals keep their order. */
export function worstFirst(rows: readonly HealthRow[]): HealthRow[] {
  return [...rows].sort((left, right) => order.indexOf(left.headline.status) - order.indexOf(right.headline.status))
}

/** Deployments or devices, one dense row each: how it is, in a sentence, with its leading numbers and its last day. */
export function HealthRows({ label, rows, nowAt }: HealthRowsProps) {
  return (
    <Box component="ul" aria-label={label} sx={{ listStyle: 'none', m: 0, p: 0, containerType: 'inline-size' }}>
      {rows.map((row) => (
        <HealthItem key={row.target.id} row={row} nowAt={nowAt} />
      ))}
    </Box>
  )
}

const areas = {
  columnGap: 2,
  rowGap: 0.5,
  gridTemplate:
    '"status name activity seen" auto "text text text text" auto "numbers numbers numbers numbers" auto / 104px minmax(0, 1fr) 116px 84px',
  '@container (min-width: 1040px)': {
    gridTemplate:
      '"status name numbers activity seen" auto "status text numbers activity seen" 1fr / 104px minmax(0, 1fr) 392px 116px 84px',
  },
} as const

function HealthItem({ row, nowAt }: { row: HealthRow; nowAt: number }) {
  const { headline, target } = row
  return (
    <Box
      component="li"
      sx={{
        display: 'grid',
        ...areas,
        px: 2,
        py: 1.25,
        typography: 'body2',
        '&:not(:first-of-type)': { borderTop: 1, borderColor: 'divider' },
        '&:hover': { bgcolor: 'action.hover' },
      }}
    >
      <Box sx={{ gridArea: 'status', pt: '2px' }}>
        <Status status={headline.status} />
      </Box>
      <Box
        sx={{
          gridArea: 'name',
          display: 'flex',
          alignItems: 'center',
          alignContent: 'start',
          flexWrap: 'wrap',
          columnGap: 1.25,
          minHeight: 24,
        }}
      >
        <Link component={RouterLink} to={pathOfTarget(target, row.modelId)} color="inherit" sx={{ fontWeight: 620 }}>
          {row.name}
        </Link>
        <Box component="span" sx={{ color: 'text.secondary' }}>
          {[row.environment, row.modelName, row.versionName].filter((part) => part !== null).join(' · ')}
        </Box>
        {row.isCertified && row.modelId !== null && row.versionName !== null && (
          <VersionHallmark modelId={row.modelId} versionName={row.versionName} />
        )}
      </Box>
      <Box sx={{ gridArea: 'text', textWrap: 'pretty' }}>{headline.text}</Box>
      <Box sx={{ gridArea: 'numbers', display: 'flex', flexWrap: 'wrap', columnGap: 2.5, alignContent: 'start' }}>
        {mostTelling(row.leading).map((finding) => (
          <LeadingNumber key={finding.id} finding={finding} />
        ))}
      </Box>
      <Box sx={{ gridArea: 'activity' }}>
        <Sparkline
          values={row.activity}
          label={`${row.name}: hourly counts of the last 24 hours, ${formatCount(row.samplesLastDay)} in all`}
          width={112}
        />
        <Box
          sx={{ typography: 'caption', color: 'text.secondary' }}
        >{`${formatCount(row.samplesLastDay)} in 24 h`}</Box>
      </Box>
      <Box sx={{ gridArea: 'seen', textAlign: 'right', whiteSpace: 'nowrap' }}>
        {row.lastSeenAt === null ? (
          <Box component="span" sx={{ color: 'text.secondary' }}>
            never seen
          </Box>
        ) : (
          <time
            dateTime={new Date(row.lastSeenAt).toISOString()}
            title={`Last seen ${formatInstant(row.lastSeenAt, true)} UTC`}
          >
            {formatRelative(row.lastSeenAt, nowAt)}
          </time>
        )}
        {row.openAlerts > 0 && (
          <Box>
            <Link component={RouterLink} to={`${pathTo.alerts()}?target=${target.id}`}>
              {row.openAlerts === 1 ? '1 alert' : `${formatCount(row.openAlerts)} alerts`}
            </Link>
          </Box>
        )}
      </Box>
    </Box>
  )
}

const numbersShown = 3
const kinds: Finding['kind'][] = [
  'performance',
  'drift',
  'device',
  'integrity',
  'bias',
  'fairness',
  'errors',
  'endpoint',
]
const alarms: Finding['status'][] = ['breach', 'warning']

/** The few numbers that a row has room for: what is wrong first, then in the order in which people ask. */
function mostTelling(findings: readonly Finding[]): Finding[] {
  const rank = ({ status, kind }: Finding) => {
    const alarm = alarms.indexOf(status)
    const place = kinds.indexOf(kind)
    return (alarm === -1 ? alarms.length : alarm) * 100 + (place === -1 ? kinds.length : place)
  }
  return [...findings].sort((left, right) => rank(left) - rank(right)).slice(0, numbersShown)
}

/** "accuracy 0.88 (0.86 to 0.90), n 1,204", with the shape of its verdict. */
export function LeadingNumber({ finding }: { finding: Finding }) {
  return (
    <Box
      title={`${finding.message} Window ${formatInstant(finding.window.from)} to ${formatInstant(finding.window.to)} UTC`}
      sx={{ display: 'flex', alignItems: 'baseline', gap: 0.75, minHeight: 22 }}
    >
      <StatusShape status={finding.status} size={12} />
      <Box component="span" sx={{ position: 'absolute', left: -9999 }}>
        {statusWord(finding.status)}
      </Box>
      <Box component="span" sx={{ textWrap: 'pretty' }}>
        <Box component="span" sx={{ color: 'text.secondary', mr: 0.75 }}>
          {subjectWord(finding.kind, finding.subject)}
        </Box>
        <Estimate estimate={estimateOf(finding)} unit={unitOfFinding(finding.unit)} digits={4} />
      </Box>
    </Box>
  )
}
