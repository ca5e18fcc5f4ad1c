/** Raw colours, one set a scheme. The theme turns them into CSS variables; charts, drawn on a canvas, take them as they are. */

export type SchemeName = 'light' | 'dark'

/** Colours with a fixed meaning in every chart. */
export type ChartPalette = {
  /** What is compared against: always a grey. */
  reference: string
  referenceFill: string
  /** The current window. */
  current: string
  currentFill: string
  /** Uncertainty around the current window. */
  band: string
  /** A limit that must not be crossed. */
  limit: string
  /** A span of time, or a region, in which a limit is broken. */
  breachFill: string
  breach: string
  warning: string
  ok: string
  /** Something a person or a rule did. */
  action: string
  /** Further series, told apart by dash as well as by colour. */
  extra: string[]
  text: string
  textMuted: string
  axis: string
  grid: string
  surface: string
}

export type SchemeTokens = {
  background: string
  surface: string
  raised: string
  divider: string
  text: string
  textMuted: string
  accent: string
  accentText: string
  accentHover: string
  ok: string
  warning: string
  breach: string
  insufficient: string
  chart: ChartPalette
}

export const tokens: Record<SchemeName, SchemeTokens> = {
  light: {
    background: '#f5f5f2',
    surface: '#ffffff',
    raised: '#fafaf8',
    divider: '#dcdbd5',
    text: '#191c1e',
    textMuted: '#545a60',
    accent: '#0b5c7a',
    accentText: '#ffffff',
    accentHover: '#084961',
    ok: '#1f6844',
    warning: '#855000',
    breach: '#b3261e',
    insufficient: '#545a60',
    chart: {
      reference: '#8a9096',
      referenceFill: 'rgba(122, 129, 136, 0.26)',
      current: '#0b6b8e',
      currentFill: 'rgba(11, 107, 142, 0.14)',
      band: 'rgba(11, 107, 142, 0.16)',
      limit: '#5b3a00',
      breachFill: 'rgba(179, 38, 30, 0.10)',
      breach: '#b3261e',
      warning: '#855000',
      ok: '#1f6844',
      action: '#191c1e',
      extra: ['#7a4b94', '#8a6a00', '#2b7a66', '#a04a5f', '#4d5fae'],
      text: '#191c1e',
      textMuted: '#545a60',
      axis: '#a9adb1',
      grid: '#e9e8e3',
      surface: '#ffffff',
    },
  },
  dark: {
    background: '#111315',
    surface: '#181b1e',
    raised: '#1e2225',
    divider: '#30353a',
    text: '#e8e9ea',
    textMuted: '#a4abb2',
    accent: '#6cc3e2',
    accentText: '#06202b',
    accentHover: '#93d5ec',
    ok: '#74c69a',
    warning: '#e8b860',
    breach: '#ff9388',
    insufficient: '#a4abb2',
    chart: {
      reference: '#7f868d',
      referenceFill: 'rgba(150, 158, 166, 0.26)',
      current: '#5bb9db',
      currentFill: 'rgba(91, 185, 219, 0.16)',
      band: 'rgba(91, 185, 219, 0.20)',
      limit: '#e8c98e',
      breachFill: 'rgba(255, 120, 108, 0.15)',
      breach: '#ff9388',
      warning: '#e8b860',
      ok: '#74c69a',
      action: '#e8e9ea',
      extra: ['#c49add', '#d8ba55', '#6fc9b2', '#eb98ab', '#9cabf0'],
      text: '#e8e9ea',
      textMuted: '#a4abb2',
      axis: '#565d64',
      grid: '#262a2e',
      surface: '#181b1e',
    },
  },
}
