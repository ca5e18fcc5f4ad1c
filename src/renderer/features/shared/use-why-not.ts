import { api, type MethodName } from '../../../contract/api.ts'
import { useUser, whoMay } from '../../data/session.ts'

/** Asks why the person before the page may not call a method; null when they may. The service decides all the same. */
export function useWhyNot(): (method: MethodName) => string | null {
  const { roles } = useUser()
  return (method) => {
    const allowed: readonly string[] = api[method].roles
    return roles.some((role) => allowed.includes(role)) ? null : `This is for the role ${whoMay(method)}`
  }
}
