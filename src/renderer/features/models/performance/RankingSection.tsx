import type { RankedLists } from '../../../../contract/performance-detail.ts'
import { DataTable } from '../../../widgets/DataTable.tsx'
import { formatCount, formatNumber } from '../../../widgets/format.ts'
import { Section } from '../../../widgets/Section.tsx'
import { Empty } from '../../../widgets/States.tsx'

/** How many lists there are, and which of them are ranked worst. */
export function RankingSection({ ranking }: { ranking: RankedLists }) {
  const { queryColumn, k, queries, withoutRelevant, leftOut, worst } = ranking
  const said = [
    `${formatCount(queries)} lists by ${queryColumn}`,
    ...(withoutRelevant > 0 ? [`${formatCount(withoutRelevant)} of them hold nothing relevant`] : []),
    ...(leftOut > 0 ? [`${formatCount(leftOut)} samples left out, without a list, a score or a relevance`] : []),
  ]
  return (
    <Section
      title="Lists ranked worst"
      note={`${said.join('; ')}. Intervals are of a bootstrap over whole lists`}
      flush
    >
      {worst.length === 0 ? (
        <Empty title="No list holds anything relevant" hint="Relevance is the label: 0 where a sample is of no use." />
      ) : (
        <DataTable
          label="Lists ranked worst"
          rows={worst}
          rowKey={({ query }) => query}
          columns={[
            { id: 'query', header: queryColumn, render: ({ query }) => query, sortKey: ({ query }) => query },
            {
              id: 'ndcg',
              header: `NDCG at ${k[0]}`,
              align: 'right',
              width: 120,
              render: ({ ndcg }) => formatNumber(ndcg),
              sortKey: ({ ndcg }) => ndcg,
            },
            {
              id: 'relevant',
              header: 'Relevant',
              align: 'right',
              width: 110,
              render: ({ relevant }) => formatCount(relevant),
              sortKey: ({ relevant }) => relevant,
            },
            {
              id: 'items',
              header: 'Samples',
              align: 'right',
              width: 110,
              render: ({ items }) => formatCount(items),
              sortKey: ({ items }) => items,
            },
          ]}
        />
      )}
    </Section>
  )
}
