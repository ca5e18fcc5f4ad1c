import { useMemo } from 'react'
import type { User } from '../../../contract/user.ts'
import { useQueryMethod } from '../../rpc/hooks.ts'

/** Everybody with an account, and what they are called. */
export function usePeople(): { people: User[]; nameOf: (id: string | null) => string } {
  const { data } = useQueryMethod('users.list', {}, { follows: { records: ['user'] } })
  return useMemo(() => {
    const people = (data ?? []).map(({ record }) => record)
    const names = new Map(people.map(({ id, name }) => [id, name]))
    return { people, nameOf: (id) => (id === null ? 'the console' : (names.get(id) ?? id)) }
  }, [data])
}
