import Box from '@mui/material/Box'
import { useParams } from 'react-router'
import type { OutputOf } from '../../../contract/api.ts'
import { pathTo } from '../../data/paths.ts'
import { useNow } from '../../data/use-now.ts'
import { useQueryMethod } from '../../rpc/hooks.ts'
import { Headline } from '../../widgets/Headline.tsx'
import { PageHeader } from '../../widgets/PageHeader.tsx'
import { Answer } from '../shared/Answer.tsx'
import { PathLink } from '../shared/PathLink.tsx'
import { Severity } from '../shared/Severity.tsx'
import { AlertDecisions } from './AlertDecisions.tsx'
import { AlertFacts } from './AlertFacts.tsx'
import { AlertHistory } from './AlertHistory.tsx'
import { AlertNumber } from './AlertNumber.tsx'
import { AlertRemedies } from './AlertRemedies.tsx'
import { alertHeadline } from './alert-headline.ts'
import { LinkedAlerts } from './LinkedAlerts.tsx'

/** One alert: what breached since when, what explains it, what was done and whether it helped. */
export function AlertPage() {
  const { alertId = '' } = useParams()
  const query = useQueryMethod(
    'alerts.get',
    { id: alertId },
    { follows: { records: ['alert', 'action', 'user'], data: ['findings'] } },
  )
  const nowAt = useNow()
  return (
    <>
      <PageHeader
        title={query.data?.alert.title ?? 'Alert'}
        context={<PathLink to={pathTo.alerts()}>Alerts</PathLink>}
        mark={query.data && <Severity severity={query.data.alert.severity} />}
        actions={query.data && <AlertDecisions answer={query.data} onReload={() => query.refetch()} />}
      />
      <Answer query={query} label="alert" rows={10}>
        {(answer) => (
          <Box sx={{ display: 'grid', gap: 2 }}>
            <Headline {...alertHeadline(answer.alert, assigneeOf(answer))} />
            <Box
              sx={{
                display: 'grid',
                gridTemplateColumns: { lg: 'minmax(0, 2fr) minmax(320px, 1fr)' },
                gap: 2,
                alignItems: 'start',
              }}
            >
              <Box sx={{ display: 'grid', gap: 2, minWidth: 0 }}>
                <AlertNumber answer={answer} nowAt={nowAt} />
                <AlertRemedies answer={answer} />
              </Box>
              <Box sx={{ display: 'grid', gap: 2, minWidth: 0 }}>
                <AlertFacts answer={answer} nowAt={nowAt} />
                <LinkedAlerts answer={answer} nowAt={nowAt} />
                <AlertHistory answer={answer} onReload={() => query.refetch()} />
              </Box>
            </Box>
          </Box>
        )}
      </Answer>
    </>
  )
}

const assigneeOf = ({ alert, userNames }: OutputOf<'alerts.get'>) =>
  alert.assigneeId === null ? null : (userNames[alert.assigneeId] ?? alert.assigneeId)
