import Box from '@mui/material/Box'
import Button from '@mui/material/Button'
import { Link, useNavigate } from 'react-router'
import type { OutputOf } from '../../../../contract/api.ts'
import { pathTo } from '../../../data/paths.ts'
import { useQueryMethod } from '../../../rpc/hooks.ts'
import { DataTable, type TableColumn } from '../../../widgets/DataTable.tsx'
import { Headline } from '../../../widgets/Headline.tsx'
import { PageHeader } from '../../../widgets/PageHeader.tsx'
import { Section } from '../../../widgets/Section.tsx'
import { Empty } from '../../../widgets/States.tsx'
import { Answer } from '../../shared/Answer.tsx'
import { PathLink } from '../../shared/PathLink.tsx'
import { useWhyNot } from '../../shared/use-why-not.ts'

type PlanRow = OutputOf<'testPlans.list'>[number]

/** The application tests that releases must pass. */
export function PlansPage() {
  const query = useQueryMethod('testPlans.list', { modelId: null }, { follows: { records: ['testPlan'] } })
  const models = useQueryMethod('models.list', {}, { follows: { records: ['model'] } })
  const navigate = useNavigate()
  const whyNot = useWhyNot()('testPlans.save')
  const modelName = (id: string) => models.data?.find(({ model }) => model.id === id)?.model.name ?? id
  const columns: TableColumn<PlanRow>[] = [
    {
      id: 'name',
      header: 'Plan',
      sortKey: ({ record }) => record.name,
      render: ({ record }) => (
        <PathLink underline="hover" to={`/releases/plans/${record.id}`}>
          {record.name}
        </PathLink>
      ),
    },
    {
      id: 'model',
      header: 'Model',
      sortKey: ({ record }) => modelName(record.modelId),
      render: ({ record }) => modelName(record.modelId),
    },
    {
      id: 'gates',
      header: 'Gates',
      width: 96,
      align: 'right',
      sortKey: ({ record }) => record.gates.length,
      render: ({ record }) => record.gates.length,
    },
    {
      id: 'valid',
      header: 'Certificate valid',
      width: 150,
      align: 'right',
      sortKey: ({ record }) => record.validityDays,
      render: ({ record }) => `${record.validityDays} days`,
    },
    {
      id: 'revision',
      header: 'Revision',
      width: 104,
      align: 'right',
      sortKey: ({ revision }) => revision,
      render: ({ revision }) => revision,
    },
  ]
  return (
    <>
      <PageHeader
        title="Test plans"
        context={<PathLink to={pathTo.releases()}>Releases</PathLink>}
        actions={
          whyNot === null && (
            <Button component={Link} to="/releases/plans/new" variant="contained">
              New test plan
            </Button>
          )
        }
      />
      <Answer query={query} label="test plans">
        {(plans) => (
          <Box sx={{ display: 'grid', gap: 2 }}>
            <Headline {...plansHeadline(plans, models.data)} />
            <Section title="Plans" flush>
              <DataTable
                label="test plans"
                columns={columns}
                rows={plans}
                rowKey={({ record }) => record.id}
                onRowOpen={({ record }) => void navigate(`/releases/plans/${record.id}`)}
                empty={
                  <Empty
                    title="There is no test plan yet"
                    hint={
                      whyNot === null
                        ? 'A plan says which gates a version must pass before it can be certified.'
                        : whyNot
                    }
                  />
                }
              />
            </Section>
          </Box>
        )}
      </Answer>
    </>
  )
}

/** Whether every model can be certified at all. */
function plansHeadline(plans: readonly PlanRow[], models: OutputOf<'models.list'> | undefined) {
  const without = (models ?? []).filter(({ model }) => !plans.some(({ record }) => record.modelId === model.id))
  if (without.length > 0)
    return {
      status: 'warning' as const,
      text: `${without.map(({ model }) => model.name).join(', ')} ${without.length === 1 ? 'has' : 'have'} no test plan: no version of ${without.length === 1 ? 'it' : 'them'} can be certified.`,
    }
  return plans.length === 0
    ? { status: 'unknown' as const, text: 'There is no test plan yet.' }
    : { status: 'ok' as const, text: 'Every model has a test plan.' }
}
