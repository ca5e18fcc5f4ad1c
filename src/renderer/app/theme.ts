import { createTheme } from '@mui/material/styles'
import { type SchemeName, tokens } from './tokens.ts'

/** Status colours beside MUI's own; used through `sx={{ color: 'status.breach' }}`. */
export type StatusColors = { ok: string; warning: string; breach: string; insufficient: string }

declare module '@mui/material/styles' {
  interface Palette {
    status: StatusColors
    raised: string
  }
  interface PaletteOptions {
    status?: StatusColors
    raised?: string
  }
}

export const fontFamily = '"Inter Variable", "Inter", system-ui, sans-serif'
export const monoFamily = 'ui-monospace, "SF Mono", "Cascadia Mono", "DejaVu Sans Mono", monospace'

function paletteOf(scheme: SchemeName) {
  const token = tokens[scheme]
  return {
    mode: scheme,
    background: { default: token.background, paper: token.surface },
    raised: token.raised,
    divider: token.divider,
    text: { primary: token.text, secondary: token.textMuted },
    primary: { main: token.accent, dark: token.accentHover, contrastText: token.accentText },
    success: { main: token.ok },
    warning: { main: token.warning },
    error: { main: token.breach, contrastText: scheme === 'light' ? '#ffffff' : '#2b0805' },
    info: { main: token.accent },
    status: { ok: token.ok, warning: token.warning, breach: token.breach, insufficient: token.insufficient },
  }
}

const focusRing = {
  outline: '2px solid var(--mui-palette-primary-main)',
  outlineOffset: 2,
} as const

/** The one theme: light and dark as CSS variables, dense, flat, tabular numerals, visible focus. */
export const theme = createTheme({
  cssVariables: { colorSchemeSelector: 'data-scheme' },
  colorSchemes: { light: { palette: paletteOf('light') }, dark: { palette: paletteOf('dark') } },
  shape: { borderRadius: 4 },
  spacing: 8,
  typography: {
    fontFamily,
    fontSize: 13,
    htmlFontSize: 16,
    h1: { fontSize: '1.25rem', lineHeight: 1.3, fontWeight: 620, letterSpacing: '-0.012em' },
    h2: { fontSize: '1rem', lineHeight: 1.4, fontWeight: 620, letterSpacing: '-0.006em' },
    h3: { fontSize: '0.875rem', lineHeight: 1.4, fontWeight: 620 },
    subtitle1: { fontSize: '0.9375rem', lineHeight: 1.5 },
    subtitle2: { fontSize: '0.8125rem', lineHeight: 1.4, fontWeight: 600 },
    body1: { fontSize: '0.875rem', lineHeight: 1.5 },
    body2: { fontSize: '0.8125rem', lineHeight: 1.45 },
    caption: { fontSize: '0.75rem', lineHeight: 1.4 },
    button: { textTransform: 'none', fontWeight: 560, fontSize: '0.8125rem' },
    overline: { fontSize: '0.6875rem', fontWeight: 600, letterSpacing: '0.06em', lineHeight: 1.6 },
  },
  components: {
    MuiCssBaseline: {
      styleOverrides: {
        // Figures line up where they stand under each other; in prose they would stretch hyphens.
        'time, figure': { fontVariantNumeric: 'tabular-nums' },
        'code, kbd, pre, samp': { fontFamily: monoFamily, fontSize: '0.92em' },
        ':focus-visible': focusRing,
        '@media (prefers-reduced-motion: reduce)': {
          '*, *::before, *::after': {
            animationDuration: '0.01ms !important',
            animationIterationCount: '1 !important',
            transitionDuration: '0.01ms !important',
            scrollBehavior: 'auto !important',
          },
        },
      },
    },
    MuiButtonBase: {
      defaultProps: { disableRipple: true },
      styleOverrides: { root: { '&.Mui-focusVisible': focusRing } },
    },
    MuiButton: {
      defaultProps: { disableElevation: true, size: 'small' },
      styleOverrides: { root: { minHeight: 32, paddingInline: 12 } },
    },
    MuiIconButton: { defaultProps: { size: 'small' } },
    MuiTextField: { defaultProps: { size: 'small' } },
    MuiFormControl: { defaultProps: { size: 'small' } },
    MuiSelect: { defaultProps: { size: 'small' } },
    MuiChip: { defaultProps: { size: 'small' }, styleOverrides: { root: { borderRadius: 3 } } },
    MuiPaper: {
      defaultProps: { elevation: 0, variant: 'outlined' },
      styleOverrides: { root: { backgroundImage: 'none' } },
    },
    MuiMenu: { defaultProps: { slotProps: { paper: { variant: 'elevation', elevation: 3 } } } },
    MuiDialog: { defaultProps: { slotProps: { paper: { variant: 'elevation', elevation: 6 } } } },
    MuiDialogTitle: { styleOverrides: { root: { fontSize: '1rem', fontWeight: 620, paddingBottom: 8 } } },
    MuiDialogActions: { styleOverrides: { root: { padding: '12px 24px 16px' } } },
    MuiTooltip: { defaultProps: { enterDelay: 400, arrow: true } },
    MuiTab: { styleOverrides: { root: { minHeight: 40, paddingBlock: 8, minWidth: 72 } } },
    MuiTabs: { styleOverrides: { root: { minHeight: 40 } } },
    MuiTableCell: {
      styleOverrides: {
        root: { paddingBlock: 6, paddingInline: 12, fontSize: '0.8125rem', borderColor: 'var(--mui-palette-divider)' },
        head: { fontWeight: 600, color: 'var(--mui-palette-text-secondary)', fontSize: '0.75rem' },
      },
    },
    MuiAlert: { styleOverrides: { root: { paddingBlock: 4, alignItems: 'center' } } },
    MuiToggleButton: {
      styleOverrides: {
        root: {
          textTransform: 'none',
          paddingBlock: 4,
          paddingInline: 10,
          fontSize: '0.8125rem',
          color: 'var(--mui-palette-text-secondary)',
        },
      },
    },
    MuiLink: { defaultProps: { underline: 'hover' } },
  },
})
