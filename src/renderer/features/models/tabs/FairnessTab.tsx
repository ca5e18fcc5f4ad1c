import { Empty } from '../../../widgets/States.tsx'
import { BiasPanel } from '../fairness/BiasPanel.tsx'
import { FairnessPanel } from '../fairness/FairnessPanel.tsx'
import { LabelBiasPanel } from '../fairness/LabelBiasPanel.tsx'
import { useDeployedView } from '../model-view.ts'

/** Does it favour classes more than its reference did, and does it treat groups alike? */
export function FairnessTab() {
  const { model } = useDeployedView()
  if (model.task === 'regression') {
    return <Empty title="Bias and fairness are asked of classifiers" hint="This model predicts numbers." />
  }
  return (
    <>
      <BiasPanel />
      <FairnessPanel />
      <LabelBiasPanel />
    </>
  )
}
