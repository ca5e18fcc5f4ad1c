import { Empty } from '../../../widgets/States.tsx'
import { BiasPanel } from '../fairness/BiasPanel.tsx'
import { FairnessPanel } from '../fairness/FairnessPanel.tsx'
import { LabelBiasPanel } from '../fairness/LabelBiasPanel.tsx'
import { useDeployedView } from '../model-view.ts'

/** Does it favour classes more than its reference did, and does it treat groups alike? Of numbers the second alone is asked. */
export function FairnessTab() {
  const { model, version } = useDeployedView()
  if (version.schema.ranking)
    return <Empty title="Groups are not compared for a ranking" hint="Its scores are right or wrong only as lists." />
  if (model.task === 'regression') return <FairnessPanel />
  return (
    <>
      <BiasPanel />
      <FairnessPanel />
      <LabelBiasPanel />
    </>
  )
}
