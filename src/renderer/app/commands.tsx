import { createContext, type ReactNode, useCallback, useContext, useEffect, useMemo, useState } from 'react'

/** Something a person can do from the command palette. */
export type Command = {
  /** Unique among all commands registered at one time. */
  id: string
  title: string
  /** Heading under which it stands: "Go to", the page's name. */
  group: string
  /** More words to be found by. */
  keywords?: string
  run: () => void
}

type Registry = {
  commands: Command[]
  register: (commands: Command[]) => () => void
}

const CommandContext = createContext<Registry>({ commands: [], register: () => () => {} })

export function CommandProvider({ children }: { children: ReactNode }) {
  const [lists, setLists] = useState<Command[][]>([])
  const register = useCallback((commands: Command[]) => {
    setLists((before) => [...before, commands])
    return () => setLists((before) => before.filter((list) => list !== commands))
  }, [])
  const registry = useMemo(() => ({ commands: lists.flat(), register }), [lists, register])
  return <CommandContext value={registry}>{children}</CommandContext>
}

/** Every command that is registered now. */
export function useCommands(): Command[] {
  return useContext(CommandContext).commands
}

/** Offers commands in the palette while the calling component is shown. `commands` must be memoised. */
export function useRegisterCommands(commands: Command[]): void {
  const { register } = useContext(CommandContext)
  useEffect(() => register(commands), [register, commands])
}
