/** Messages between the desktop shell and the service in its utility process. */
export type ShellToService =
  /** Comes with one MessagePort: a page's. `ticket` is from the page; `sessionToken` is what the shell keeps for the window. */
  | {
      readonly type: 'open-port'
      readonly windowId: number
      readonly ticket: string | null
      readonly sessionToken: string | null
    }
  | {
      readonly type: 'secret-reply'
      readonly id: number
      readonly value: string | null
      readonly problem: string | null
    }
  | { readonly type: 'close' }

export type ServiceToShell =
  | { readonly type: 'ready' }
  | { readonly type: 'failed'; readonly message: string }
  /** A ticket was redeemed: the window keeps the session over reloads, and the page never sees its token. */
  | { readonly type: 'session'; readonly windowId: number; readonly sessionToken: string }
  | { readonly type: 'secret'; readonly id: number; readonly operation: 'encrypt' | 'decrypt'; readonly value: string }
  | { readonly type: 'notify'; readonly title: string; readonly body: string; readonly path: string }

/** Names of the messages between page, preload and shell. */
export const shellChannels = { openPort: 'assay:open-port', port: 'assay:port' } as const
