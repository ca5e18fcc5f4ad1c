import { useParams } from 'react-router'
import { useSearchValue } from '../../../data/use-search-value.ts'
import { useQueryMethod } from '../../../rpc/hooks.ts'
import { PageHeader } from '../../../widgets/PageHeader.tsx'
import { Empty } from '../../../widgets/States.tsx'
import { Answer } from '../../shared/Answer.tsx'
import { PathLink } from '../../shared/PathLink.tsx'
import { PlanEditor } from './PlanEditor.tsx'

/** One test plan, to read and, for QA experts, to change; `new` makes one. */
export function PlanPage() {
  const { planId = '' } = useParams()
  const [modelId] = useSearchValue('model')
  const plans = useQueryMethod('testPlans.list', { modelId: null }, { follows: { records: ['testPlan'] } })
  const source = plans.data?.find(({ record }) => record.id === planId) ?? null
  return (
    <>
      <PageHeader
        title={planId === 'new' ? 'New test plan' : (source?.record.name ?? 'Test plan')}
        context={<PathLink to="/releases/plans">Test plans</PathLink>}
      />
      <Answer query={plans} label="test plan" rows={8}>
        {() =>
          planId !== 'new' && source === null ? (
            <Empty title="There is no such test plan" />
          ) : (
            <PlanEditor
              key={planId}
              source={source}
              modelId={modelId}
              onReload={async () => {
                const { data } = await plans.refetch()
                return data?.find(({ record }) => record.id === planId) ?? null
              }}
            />
          )
        }
      </Answer>
    </>
  )
}
