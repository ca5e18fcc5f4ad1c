import type { BackTest } from '../../../../contract/finding.ts'
import type { ChartSpec } from '../../../charts/spec.ts'
import { formatCount, formatDate } from '../../../widgets/format.ts'

const sumOf = (backTest: BackTest, which: 'alerts' | 'current') =>
  backTest.weeks.reduce((sum, week) => sum + week[which], 0)

/** Alerts by week: what the limits in force raise in grey, what the proposed ones would raise in the accent. */
export function backTestChart(backTest: BackTest): ChartSpec {
  const weeks = backTest.weeks.map(({ from }) => formatDate(from).slice(5))
  return {
    option: (palette) => ({
      grid: { left: 8, right: 8, top: 30, bottom: 4, outerBoundsMode: 'same' },
      legend: { show: true, top: 0, left: 0, data: ['In force', 'Proposed'] },
      tooltip: { trigger: 'axis', axisPointer: { type: 'shadow' } },
      xAxis: { type: 'category', data: weeks, axisTick: { alignWithLabel: true } },
      yAxis: { type: 'value', minInterval: 1 },
      series: [
        {
          name: 'In force',
          type: 'bar',
          data: backTest.weeks.map(({ current }) => current),
          itemStyle: { color: palette.reference },
          barGap: '10%',
        },
        {
          name: 'Proposed',
          type: 'bar',
          data: backTest.weeks.map(({ alerts }) => alerts),
          itemStyle: { color: palette.current },
        },
      ],
    }),
    description: `Alerts by week over ${backTest.weeks.length} weeks: ${sumOf(backTest, 'current')} with the limits in force, ${sumOf(backTest, 'alerts')} with the proposed ones`,
    table: () => ({
      columns: [{ header: 'Week from' }, { header: 'In force', numeric: true }, { header: 'Proposed', numeric: true }],
      rows: backTest.weeks.map(({ from, alerts, current }) => [
        formatDate(from),
        formatCount(current),
        formatCount(alerts),
      ]),
    }),
  }
}
