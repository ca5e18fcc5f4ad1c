import Link, { type LinkProps } from '@mui/material/Link'
import { Link as RouterLink } from 'react-router'

export type PathLinkProps = Omit<LinkProps, 'href' | 'component'> & { to: string }

/** A link to another page, in the colours of the theme. */
export function PathLink({ to, ...rest }: PathLinkProps) {
  return <Link component={RouterLink} to={to} {...rest} />
}
