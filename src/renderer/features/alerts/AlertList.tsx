import Box from '@mui/material/Box'
import MenuItem from '@mui/material/MenuItem'
import TextField from '@mui/material/TextField'
import ToggleButton from '@mui/material/ToggleButton'
import ToggleButtonGroup from '@mui/material/ToggleButtonGroup'
import { useNavigate } from 'react-router'
import { pathTo } from '../../data/paths.ts'
import { useNow } from '../../data/use-now.ts'
import { useSearchValue } from '../../data/use-search-value.ts'
import { DataTable } from '../../widgets/DataTable.tsx'
import { Headline } from '../../widgets/Headline.tsx'
import { PageHeader } from '../../widgets/PageHeader.tsx'
import { Section } from '../../widgets/Section.tsx'
import { Empty, Loading } from '../../widgets/States.tsx'
import { usePages } from '../shared/use-pages.ts'
import { usePeople } from '../shared/use-people.ts'
import { nameOfTarget, useTargets } from '../shared/use-targets.ts'
import { alertColumns } from './alert-columns.tsx'
import { inboxFilters, inboxHeadline } from './inbox.ts'

const follows = { records: ['alert', 'user'] }

/** The inbox: what waits for a decision, gravest first. */
export function AlertList() {
  const [filterId, setFilterId] = useSearchValue('state')
  const [targetId, setTargetId] = useSearchValue('target')
  const filter = inboxFilters.find(({ id }) => id === filterId) ?? inboxFilters[0]
  const { list: targets, byId } = useTargets()
  const target = targetId === null ? null : (byId.get(targetId)?.target ?? null)
  const waiting = usePages('alerts.list', { states: ['open', 'acknowledged'], target: null, limit: 200 }, follows)
  const alerts = usePages('alerts.list', { states: [...filter.states], target, limit: 100 }, follows)
  const { nameOf } = usePeople()
  const navigate = useNavigate()
  const columns = alertColumns({ nowAt: useNow(), byId, nameOf })
  return (
    <>
      <PageHeader title="Alerts" />
      <Box sx={{ display: 'grid', gap: 2 }}>
        {waiting.data === undefined ? (
          <Loading rows={1} height={44} label="Loading the summary" />
        ) : (
          <Headline
            {...inboxHeadline(
              waiting.data.map(({ record }) => record),
              ({ target: about }) => nameOfTarget(byId, about),
            )}
          />
        )}
        <Section
          title="Inbox"
          flush
          actions={
            <Box sx={{ display: 'flex', flexWrap: 'wrap', gap: 1 }}>
              <TextField
                select
                label="About"
                value={target?.id ?? ''}
                onChange={(event) => setTargetId(event.target.value === '' ? null : event.target.value)}
                sx={{ minWidth: 190 }}
                slotProps={{ select: { displayEmpty: true }, inputLabel: { shrink: true } }}
              >
                <MenuItem value="">Everything</MenuItem>
                {targets.map((info) => (
                  <MenuItem key={info.target.id} value={info.target.id}>
                    {info.name}
                  </MenuItem>
                ))}
              </TextField>
              <ToggleButtonGroup
                exclusive
                size="small"
                value={filter.id}
                aria-label="State of the alerts"
                onChange={(_, chosen: string | null) => chosen !== null && setFilterId(chosen)}
              >
                {inboxFilters.map(({ id, label }) => (
                  <ToggleButton key={id} value={id}>
                    {label}
                  </ToggleButton>
                ))}
              </ToggleButtonGroup>
            </Box>
          }
        >
          <DataTable
            label="alerts"
            columns={columns}
            rows={alerts.data ?? []}
            rowKey={({ record }) => record.id}
            loading={alerts.isPending || alerts.isFetchingNextPage}
            error={alerts.error && { message: alerts.error.message, onRetry: () => void alerts.refetch() }}
            initialSort={{ columnId: 'severity', direction: 'ascending' }}
            maxHeight={680}
            rowHeight={52}
            onRowOpen={({ record }) => void navigate(pathTo.alert(record.id))}
            onEndReached={alerts.loadMore}
            empty={
              filter.id === 'open' && target === null ? (
                <Empty
                  title="Nothing waits for a decision"
                  hint="An alert opens when a number breaches its limit as often as the policy says."
                  action={{ label: 'See the policies', onClick: () => void navigate(pathTo.policies()) }}
                />
              ) : (
                <Empty title="No alert of this kind" />
              )
            }
          />
        </Section>
      </Box>
    </>
  )
}
