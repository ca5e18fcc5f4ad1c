import { tmpdir } from 'node:os'
import { setTimeout as sleep } from 'node:timers/promises'
import { describe, expect, it } from 'vitest'
import { commandActionConfig } from '../contract/connection.ts'
import { type CommandAction, runCommandAction } from './command-action.ts'

const run = (script: string, more: Partial<CommandAction> & { timeoutMs?: number } = {}) =>
  runCommandAction({
    config: commandActionConfig.parse({
      kind: 'command-action',
      program: '/bin/sh',
      args: ['-c', script],
      workingDirectory: null,
      timeoutMs: more.timeoutMs ?? 20_000,
    }),
    variables: { targetVersionId: 'ver_2', reason: '$(echo hacked); "x"' },
    correlationId: 'act_7',
    environment: { PATH: process.env.PATH, SECRET_OF_CONSOLE: 'hunter2' },
    signal: new AbortController().signal,
    graceMs: 300,
    ...more,
  })
const runProgram = (config: Partial<CommandAction['config']>) =>
  run('', {
    config: { kind: 'command-action', program: 'true', args: [], workingDirectory: null, timeoutMs: 5000, ...config },
  })

const isAlive = (pid: number) => {
  try {
    process.kill(pid, 0)
    return true
  } catch {
    return false
  }
}
async function dies(pid: number): Promise<boolean> {
  for (let tries = 0; tries < 50 && isAlive(pid); tries += 1) await sleep(100)
  return !isAlive(pid)
}

describe('runCommandAction', () => {
  it('captures both streams in order and takes the last line as the result', async () => {
    const told: string[] = []
    const result = await run('echo one; sleep 0.05; echo two >&2; sleep 0.05; echo \'{"version": "2"}\'', {
      onLog: (text) => told.push(text),
    })
    expect(result).toEqual({
      state: 'succeeded',
      result: { version: '2' },
      problem: null,
      log: 'one\ntwo\n{"version": "2"}\n',
    })
    expect(told.join('')).toBe(result.log)
  })
  it('passes variables by environment, never through a shell, and nothing of its own', async () => {
    const result = await run('env | sort; printf "%s\\n" "$ASSAY_REASON"')
    expect(result.log).toContain('ASSAY_TARGET_VERSION_ID=ver_2')
    expect(result.log).toContain('ASSAY_CORRELATION_ID=act_7')
    expect(result.log).toContain('\n$(echo hacked); "x"\n')
    expect(result.log).not.toContain('hunter2')
    expect(await runProgram({ program: 'echo', args: ['$HOME; ls'] })).toMatchObject({ log: '$HOME; ls\n' })
  })
  it('reports the code, and what it said', async () =>
    expect(await run('echo no disk >&2; exit 3')).toEqual({
      state: 'failed',
      result: null,
      problem: 'The program ended with code 3',
      log: 'no disk\n\nThe program ended with code 3\n',
    }))
  it('says what cannot be started', async () => {
    expect((await runProgram({ program: '/nowhere/at-all' })).problem).toBe('The program /nowhere/at-all was not found')
    const file = import.meta.filename
    expect((await runProgram({ program: file })).problem).toBe(`The program ${file} may not be run`)
    expect((await runProgram({ workingDirectory: '/nowhere' })).problem).toBe(
      'The working directory /nowhere is no folder',
    )
    expect((await runProgram({ args: ['a\0b'] })).problem).toContain('NUL')
  })
  it('runs where it is told', async () => {
    const here = await runProgram({ program: 'pwd', workingDirectory: tmpdir() })
    expect(here.log.trim()).toBe(tmpdir())
  })
  it('keeps the tail of a long output within 64 KiB, and its result', async () => {
    const result = await run(
      'i=0; while [ $i -lt 3000 ]; do echo "line $i xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"; i=$((i+1)); done; echo \'{"ok":1}\'',
    )
    expect(Buffer.byteLength(result.log)).toBeLessThanOrEqual(65_536)
    expect(result.log).toMatch(/^\[\d+ bytes before this were cut\]/)
    expect(result.log).toContain('line 2999')
    expect(result.result).toEqual({ ok: 1 })
  })
  it('has no result where the last line is none', async () => {
    expect((await run('echo \'{"a":1}\'; echo bye')).result).toBeNull()
    expect((await run("echo '{broken'")).result).toBeNull()
    expect((await run('echo \'{"a":1}\' >&2')).result).toBeNull()
  })
  it('stops the whole group when time is up, though it ignores SIGTERM', async () => {
    const result = await run(
      "trap '' TERM; sh -c 'trap \"\" TERM; echo child $$; while :; do sleep 0.1; done' & wait; while :; do sleep 0.1; done",
      { timeoutMs: 1000 },
    )
    expect(result).toMatchObject({ state: 'failed', problem: 'It had not ended after 1 s and was stopped' })
    const pid = Number(/child (\d+)/.exec(result.log)?.[1])
    expect(pid).toBeGreaterThan(1)
    expect(await dies(pid)).toBe(true)
  })
  it('lets a program clean up on SIGTERM', async () => {
    const result = await run("trap 'echo cleaned; exit 0' TERM; echo ready; while :; do sleep 0.05; done", {
      timeoutMs: 1000,
      graceMs: 5000,
    })
    expect(result.state).toBe('failed')
    expect(result.log).toContain('cleaned')
  })
  it('is cancelled', async () => {
    const controller = new AbortController()
    const result = await run('echo begun; exec sleep 60', {
      signal: controller.signal,
      onLog: () => controller.abort(),
    })
    expect(result).toMatchObject({ state: 'failed', problem: 'It was cancelled and stopped' })
    expect((await run('echo', { signal: AbortSignal.abort() })).problem).toContain('before it was started')
  })
  it('does not wait for what the program leaves running on purpose', async () => {
    const result = await run('sleep 20 & echo $!')
    expect(result.state).toBe('succeeded')
    const pid = Number(result.log.trim())
    expect(isAlive(pid)).toBe(true)
    process.kill(pid)
  })
  it('tells a program that was killed from outside', async () =>
    expect((await run('kill -9 $$')).problem).toBe('The program was ended by SIGKILL'))
})
