import { fontFamily } from '../app/theme.ts'
import { type SchemeName, tokens } from '../app/tokens.ts'

/** What every chart has in common: type, axes, legend, tooltip. Meaningful colours come from the builders. */
export function chartTheme(scheme: SchemeName) {
  const { chart: palette, raised, divider } = tokens[scheme]
  const axis = {
    axisLine: { lineStyle: { color: palette.axis } },
    axisTick: { lineStyle: { color: palette.axis }, length: 3 },
    axisLabel: { color: palette.textMuted, fontSize: 11, hideOverlap: true },
    splitLine: { lineStyle: { color: palette.grid } },
    nameTextStyle: { color: palette.textMuted, fontSize: 11 },
  }
  return {
    color: [palette.current, ...palette.extra],
    backgroundColor: 'transparent',
    textStyle: { fontFamily },
    valueAxis: { ...axis, axisLine: { show: false }, axisTick: { show: false } },
    categoryAxis: { ...axis, splitLine: { show: false } },
    timeAxis: { ...axis, splitLine: { show: false } },
    legend: {
      itemWidth: 14,
      itemHeight: 8,
      itemGap: 16,
      textStyle: { color: palette.text, fontSize: 11 },
      selectedMode: false,
    },
    tooltip: {
      // Rich text is drawn on the canvas: HTML tooltips need inline styles, which the page's policy forbids.
      renderMode: 'richText',
      confine: true,
      backgroundColor: raised,
      borderColor: divider,
      borderWidth: 1,
      padding: [6, 8],
      textStyle: { color: palette.text, fontSize: 12, fontFamily },
      axisPointer: {
        lineStyle: { color: palette.textMuted, type: 'solid', width: 1 },
        shadowStyle: { color: palette.grid, opacity: 0.5 },
        label: { backgroundColor: palette.text, color: palette.surface },
      },
    },
  }
}
