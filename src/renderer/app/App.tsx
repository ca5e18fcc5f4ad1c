import CssBaseline from '@mui/material/CssBaseline'
import { ThemeProvider } from '@mui/material/styles'
import { type ReactNode, useMemo, useState } from 'react'
import { CommandProvider } from './commands.tsx'
import { EmotionProvider } from './EmotionProvider.tsx'
import { ErrorBoundary } from './ErrorBoundary.tsx'
import { type Environment, EnvironmentContext } from './shell-info.ts'
import { theme } from './theme.ts'

/** Styles, theme and the contexts every page relies on. */
export function App({ children }: { children: ReactNode }) {
  const [environment, setEnvironment] = useState<Environment>('production')
  const choice = useMemo(() => ({ environment, setEnvironment }), [environment])
  return (
    <EmotionProvider>
      <ThemeProvider theme={theme} defaultMode="system" noSsr disableTransitionOnChange={false}>
        <CssBaseline enableColorScheme />
        <ErrorBoundary>
          <EnvironmentContext value={choice}>
            <CommandProvider>{children}</CommandProvider>
          </EnvironmentContext>
        </ErrorBoundary>
      </ThemeProvider>
    </EmotionProvider>
  )
}
