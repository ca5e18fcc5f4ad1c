import ShowChartOutlined from '@mui/icons-material/ShowChartOutlined'
import TableChartOutlined from '@mui/icons-material/TableChartOutlined'
import Box from '@mui/material/Box'
import IconButton from '@mui/material/IconButton'
import { useColorScheme } from '@mui/material/styles'
import Tooltip from '@mui/material/Tooltip'
import { BarChart, CustomChart, HeatmapChart, LineChart } from 'echarts/charts'
import {
  DataZoomInsideComponent,
  GridComponent,
  LegendComponent,
  MarkAreaComponent,
  MarkLineComponent,
  TooltipComponent,
  VisualMapComponent,
} from 'echarts/components'
import { connect, type EChartsType, init, use } from 'echarts/core'
import { CanvasRenderer } from 'echarts/renderers'
import { useEffect, useEffectEvent, useRef, useState } from 'react'
import type { Window } from '../../contract/primitives.ts'
import { type SchemeName, tokens } from '../app/tokens.ts'
import { DataTable } from '../widgets/DataTable.tsx'
import { chartTheme } from './chart-theme.ts'
import type { ChartSpec, ChartTable } from './spec.ts'

use([
  LineChart,
  BarChart,
  CustomChart,
  HeatmapChart,
  GridComponent,
  TooltipComponent,
  LegendComponent,
  MarkLineComponent,
  MarkAreaComponent,
  VisualMapComponent,
  DataZoomInsideComponent,
  CanvasRenderer,
])

export type ChartProps = {
  /** From one of the builders in this folder. Memoise it: a new one redraws. */
  spec: ChartSpec
  height?: number
  /** Charts of one group share cursor and zoom. */
  group?: string
  /** After a zoom of a `zoomable` time axis: the span now in view, to ask the service for finer data. */
  onZoom?: (window: Window) => void
  /** A click on a drawn item: its series and its index there. */
  onPick?: (item: { seriesName: string; dataIndex: number }) => void
}

/** The one door to ECharts: draws a spec, follows size and colour scheme, and offers the data as a table. */
export function Chart({ spec, height = 220, group, onZoom, onPick }: ChartProps) {
  const [asTable, setAsTable] = useState(false)
  return (
    <Box component="figure" sx={{ m: 0, position: 'relative', minWidth: 0 }}>
      <Tooltip title={asTable ? 'Show as chart' : 'Show as table'}>
        <IconButton
          aria-label={asTable ? 'Show as chart' : 'Show as table'}
          onClick={() => setAsTable(!asTable)}
          sx={{ position: 'absolute', top: -4, right: 0, zIndex: 2, p: 0.5, color: 'text.secondary' }}
        >
          {asTable ? <ShowChartOutlined sx={{ fontSize: 16 }} /> : <TableChartOutlined sx={{ fontSize: 16 }} />}
        </IconButton>
      </Tooltip>
      {asTable ? (
        <Box sx={{ pt: 3 }}>
          <SpecTable label={spec.description} table={spec.table()} height={height - 24} />
        </Box>
      ) : (
        <Canvas spec={spec} height={height} group={group} onZoom={onZoom} onPick={onPick} />
      )}
    </Box>
  )
}

const wheelEvents = ['wheel', 'mousewheel']

function Canvas({ spec, height = 220, group, onZoom, onPick }: ChartProps) {
  const { colorScheme } = useColorScheme()
  const scheme: SchemeName = colorScheme === 'dark' ? 'dark' : 'light'
  const hostRef = useRef<HTMLDivElement>(null)
  const chartRef = useRef<EChartsType | null>(null)
  const drawnScheme = useRef(scheme)

  const reportZoom = useEffectEvent((window: Window) => onZoom?.(window))
  const reportPick = useEffectEvent((item: { seriesName: string; dataIndex: number }) => onPick?.(item))

  useEffect(() => {
    const host = hostRef.current
    if (host === null) return
    // A theme set before the first drawing would be lost: it goes in at birth.
    const chart = init(host, chartTheme(drawnScheme.current))
    chartRef.current = chart
    chart.on('datazoom', () => {
      const window = zoomedWindow(chart)
      if (window !== null) reportZoom(window)
    })
    chart.on('click', ({ seriesName = '', dataIndex = -1 }) => reportPick({ seriesName, dataIndex }))
    // A zoomable chart swallows every wheel event, wanted or not; the page must scroll on without Ctrl.
    const keepFromChart = (event: Event) => {
      if (event instanceof WheelEvent && !event.ctrlKey) event.stopPropagation()
    }
    for (const name of wheelEvents) host.addEventListener(name, keepFromChart, { capture: true, passive: true })
    const observer = new ResizeObserver(() => chart.resize())
    observer.observe(host)
    return () => {
      observer.disconnect()
      for (const name of wheelEvents) host.removeEventListener(name, keepFromChart, { capture: true })
      chart.dispose()
      chartRef.current = null
    }
  }, [])

  useEffect(() => {
    const chart = chartRef.current
    if (chart === null || group === undefined) return
    chart.group = group
    connect(group)
    return () => {
      chart.group = ''
    }
  }, [group])

  useEffect(() => {
    const chart = chartRef.current
    if (chart === null) return
    if (drawnScheme.current !== scheme) chart.setTheme(chartTheme(scheme))
    drawnScheme.current = scheme
    chart.setOption(
      // Event time is UTC; nothing moves, which also serves those who ask for reduced motion.
      { useUTC: true, animation: false, ...spec.option(tokens[scheme].chart) },
      { notMerge: true },
    )
  }, [spec, scheme])

  return <Box ref={hostRef} role="img" aria-label={spec.description} sx={{ height, width: '100%' }} />
}

function zoomedWindow(chart: EChartsType): Window | null {
  const { dataZoom } = chart.getOption()
  const zoom: unknown = Array.isArray(dataZoom) ? dataZoom[0] : null
  if (typeof zoom !== 'object' || zoom === null || !('startValue' in zoom) || !('endValue' in zoom)) return null
  const from = Math.floor(Number(zoom.startValue))
  const to = Math.ceil(Number(zoom.endValue))
  return Number.isFinite(from) && from < to ? { from: Math.max(0, from), to } : null
}

function SpecTable({ label, table, height }: { label: string; table: ChartTable; height: number }) {
  return (
    <DataTable
      label={label}
      maxHeight={height}
      rowHeight={28}
      columns={table.columns.map((column, index) => ({
        id: String(index),
        header: column.header,
        align: column.numeric ? ('right' as const) : ('left' as const),
        render: (row: string[]) => row[index],
      }))}
      rows={table.rows}
      rowKey={(_, index) => index}
    />
  )
}
