// The page's own way to the service, without the pages: a test in the browser drives it through `globalThis.client`.
import '../../../src/renderer/rpc/no-eval.ts'
import { openPort } from '../../../src/renderer/rpc/open-port.ts'
import { createReconnectingClient } from '../../../src/renderer/rpc/reconnecting-client.ts'

const violations: string[] = []
document.addEventListener('securitypolicyviolation', ({ violatedDirective }) => violations.push(violatedDirective))
const client = createReconnectingClient({ openPort })
Object.assign(globalThis, { client, violations })
