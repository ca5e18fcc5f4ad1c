import Box from '@mui/material/Box'
import { Component, type ErrorInfo, type ReactNode } from 'react'
import { useRouteError } from 'react-router'
import { ErrorState } from '../widgets/States.tsx'

type ErrorBoundaryProps = { children: ReactNode; onError?: (error: unknown, componentStack: string) => void }

/** Keeps a bug in one part from taking the whole window with it. */
export class ErrorBoundary extends Component<ErrorBoundaryProps, { error: unknown }> {
  override state: { error: unknown } = { error: null }

  static getDerivedStateFromError(error: unknown) {
    return { error }
  }

  override componentDidCatch(error: unknown, info: ErrorInfo) {
    this.props.onError?.(error, info.componentStack ?? '')
  }

  override render() {
    if (this.state.error === null) return this.props.children
    return <Failure error={this.state.error} onRetry={() => this.setState({ error: null })} />
  }
}

/** What the router shows when a page fails to load or to draw. */
export function RouteError() {
  return <Failure error={useRouteError()} onRetry={() => window.location.reload()} />
}

function Failure({ error, onRetry }: { error: unknown; onRetry: () => void }) {
  return (
    <Box sx={{ p: 3, maxWidth: 760 }}>
      <ErrorState
        title="This page stopped working"
        message={error instanceof Error ? error.message : String(error)}
        detail="Nothing was lost: the service keeps collecting. Try again, or go to another page."
        onRetry={onRetry}
      />
    </Box>
  )
}
