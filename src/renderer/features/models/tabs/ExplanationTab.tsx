import { useMemo } from 'react'
import type { DetailOf } from '../../../../contract/report.ts'
import { Chart } from '../../../charts/Chart.tsx'
import { intervalBars, intervalBarsHeight } from '../../../charts/interval-bars.ts'
import { Estimate } from '../../../widgets/Estimate.tsx'
import { Section } from '../../../widgets/Section.tsx'
import { ReportPanel } from '../report/ReportPanel.tsx'

/** What do its decisions rest on? */
export function ExplanationTab() {
  return (
    <ReportPanel kind="explanation">
      {(detail, stored) => <Importances detail={detail} headline={stored.report.headline.text} />}
    </ReportPanel>
  )
}

const methods: Record<DetailOf<'explanation'>['method'], string> = {
  'permutation-endpoint': 'Columns shuffled, the endpoint asked again',
  'permutation-onnx': 'Columns shuffled, the registered model asked again',
  surrogate: 'Columns shuffled, a surrogate of the stored predictions asked again',
}

function Importances({ detail, headline }: { detail: DetailOf<'explanation'>; headline: string }) {
  const note = headline.includes(detail.note) ? '' : ` ${detail.note}`
  const spec = useMemo(
    () =>
      intervalBars({
        measure: 'Importance',
        rows: [...detail.importances]
          .sort((left, right) => (right.importance.value ?? -1) - (left.importance.value ?? -1))
          .map(({ column, importance }) => ({ name: column, estimate: importance })),
        limits: [{ value: 0, label: 'no effect' }],
      }),
    [detail.importances],
  )
  return (
    <Section
      title="Importance by column"
      note={
        <>
          {`${methods[detail.method]}.${note} Before shuffling: `}
          <Estimate estimate={detail.baseline} />
        </>
      }
    >
      <Chart spec={spec} height={intervalBarsHeight(detail.importances.length)} />
    </Section>
  )
}
