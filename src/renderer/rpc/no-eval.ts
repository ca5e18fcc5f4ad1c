import { z } from 'zod'

// The content security policy forbids making code from text. Schemas ask whether it is possible as they are made, so this
// must be the first import of the page: before any module of the contract.
z.config({ jitless: true })
