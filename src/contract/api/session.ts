import { z } from 'zod'
import { prose } from '../primitives.ts'
import { command, everyone, query } from '../rpc.ts'
import { user } from '../user.ts'

const password = z.string().min(1).max(200)
const newPassword = z.string().min(10, { error: 'at least 10 characters' }).max(200)

/** Signing in happens on a port that belongs to a visitor; the ticket opens a port that belongs to the person. */
export const sessionApi = {
  'session.state': query({
    roles: ['visitor', ...everyone],
    input: z.strictObject({}),
    output: z.strictObject({
      workspaceName: z.string(),
      isDemo: z.boolean(),
      needsSetUp: z.boolean(),
      user: user.nullable(),
      productVersion: z.string(),
      /** Demo workspaces only: accounts with their passwords, so that a newcomer can play every part. */
      demoAccounts: z.array(
        z.strictObject({ login: z.string(), name: z.string(), role: z.string(), password: z.string() }),
      ),
    }),
  }),
  'session.setUp': command({
    roles: ['visitor'],
    input: z.strictObject({
      workspaceName: z.string().trim().min(1).max(200),
      login: user.shape.login,
      name: user.shape.name,
      password: newPassword,
    }),
    output: z.strictObject({ ticket: z.string() }),
  }),
  'session.signIn': command({
    roles: ['visitor'],
    input: z.strictObject({ login: z.string().max(40), password }),
    output: z.discriminatedUnion('status', [
      z.strictObject({ status: z.literal('signed-in'), ticket: z.string() }),
      z.strictObject({ status: z.literal('refused'), message: z.string() }),
    ]),
  }),
  'session.signOut': command({ roles: [...everyone], input: z.strictObject({}), output: z.strictObject({}) }),
  'session.changePassword': command({
    roles: [...everyone],
    input: z.strictObject({ password, newPassword }),
    output: z.discriminatedUnion('status', [
      z.strictObject({ status: z.literal('changed') }),
      z.strictObject({ status: z.literal('refused'), message: prose }),
    ]),
  }),
} as const
