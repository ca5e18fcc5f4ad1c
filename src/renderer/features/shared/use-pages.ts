import { keepPreviousData, useInfiniteQuery } from '@tanstack/react-query'
import type { InputOf, OutputOf } from '../../../contract/api.ts'
import type { RpcError } from '../../../contract/rpc.ts'
import { type Follows, followsEverything, type QueryName, useRpcClient } from '../../rpc/hooks.ts'

type AnyPage = { items: unknown[]; nextCursor: string | null; total: number | null }
/** Methods that answer a page at a time. */
type PagedName = { [M in QueryName]: OutputOf<M> extends AnyPage ? M : never }[QueryName]
type PageOf<M extends PagedName> = OutputOf<M> & AnyPage
type ItemOf<M extends PagedName> = PageOf<M>['items'][number]

/**
 * A list that grows as its end comes into view. `input` goes without its cursor. `keepsPrevious`: what was asked before stays in sight
 * until the answer is there, which suits what is typed and ordered; under another state it would be a false answer.
 */
export function usePages<M extends PagedName>(
  method: M,
  input: Omit<InputOf<M>, 'cursor'>,
  follows: Follows = followsEverything,
  { keepsPrevious = false } = {},
) {
  const client = useRpcClient()
  const query = useInfiniteQuery<
    PageOf<M>,
    RpcError,
    { items: ItemOf<M>[]; total: number | null },
    readonly unknown[],
    string | null
  >({
    queryKey: [method, 'pages', input],
    // The contract's inputs of paged methods all take a cursor; the compiler cannot see it through the mapped type.
    queryFn: async ({ pageParam, signal }) =>
      // Every method of `PagedName` answers with such a page.
      (await client.call(method, { ...input, cursor: pageParam } as InputOf<M>, { signal })) as PageOf<M>,
    initialPageParam: null,
    getNextPageParam: (page) => page.nextCursor,
    select: ({ pages }) => ({
      items: pages.flatMap((page) => page.items as ItemOf<M>[]),
      total: pages[0]?.total ?? null,
    }),
    ...(keepsPrevious && { placeholderData: keepPreviousData }),
    meta: { follows },
    retry: (failures, error) => error.code === 'unavailable' && failures < 2,
  })
  return {
    ...query,
    data: query.data?.items,
    /** How many there are in all, where the service counts them. */
    total: query.data?.total ?? null,
    loadMore: () => {
      if (query.hasNextPage && !query.isFetchingNextPage) void query.fetchNextPage()
    },
  }
}
