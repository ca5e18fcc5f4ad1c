import Link, { type LinkProps } from '@mui/material/Link'
import { Link as RouterLink } from 'react-router'

export type PathLinkProps = Omit<LinkProps, 'href' | 'component'> & { to: string }

/** A link to another page; underlined, since in a sentence colour alone would not tell it. Tables say `underline="hover"`. */
export function PathLink({ to, underline = 'always', ...rest }: PathLinkProps) {
  return <Link component={RouterLink} to={to} underline={underline} {...rest} />
}
