import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import * as z from 'zod'
import { type AwsGateway, startAwsGateway } from '../../local/aws/gateway.ts'
import { type RunningStack, startStack } from '../../local/stack/stack.ts'
import { AWS_CALL, isAlive, until } from './aws-call.ts'
import { arn, functionResources, ref, writeAssembly } from './cloud-assembly.ts'

/** Does what the event asks for. */
const ACTOR = `${AWS_CALL}
import { setTimeout as wait } from 'node:timers/promises'
export const handler = async ({ act, url, ms }, context) => {
  switch (act) {
    case 'environment': return { names: Object.keys(process.env), given: process.env.GIVEN, outside: process.env.OUTSIDE }
    case 'send': return aws('AmazonSQS.SendMessage', { QueueUrl: url, MessageBody: 'x' })
    case 'wait': await wait(ms); return { pid: process.pid, id: context.awsRequestId }
    case 'spin': for (;;) {}
    case 'throw': throw new RangeError('out of range')
    case 'exit': process.exit(7)
    case 'nothing': return
    case 'large': return 'x'.repeat(7_000_000)
    case 'say': console.log('one\\ntwo'); console.error('three'); return
  }
}`
const outcomeSchema = z.object({ kind: z.literal('returned'), payload: z.looseObject({ pid: z.number() }) })
const BROKEN = `export const handler = async () => {}; throw new Error('no variable LEDGER_TABLE')`

const resources = {
  Mine: { Type: 'AWS::SQS::Queue' },
  Other: { Type: 'AWS::SQS::Queue' },
  ...functionResources('Actor', {
    code: 'actor',
    statements: [{ Action: 'sqs:SendMessage', Resource: arn('Mine') }],
    properties: { Timeout: 2, MemorySize: 256, Environment: { Variables: { GIVEN: ref('Mine') } } },
  }),
  ...functionResources('Single', { code: 'actor', properties: { ReservedConcurrentExecutions: 1 } }),
  ...functionResources('Broken', { code: 'broken' }),
}

describe('functions', () => {
  const logs: string[] = []
  let gateway: AwsGateway
  let stack: RunningStack
  const assembly = writeAssembly(resources, { code: { actor: ACTOR, broken: BROKEN } })
  const named = (path: string) => {
    const found = stack.functions.find((one) => one.path === path)
    if (!found) throw new Error(`no function ${path}`)
    return found
  }
  const act = (event: unknown) => named('Actor').invoke(event)

  beforeAll(async () => {
    process.env['LEAKED_FROM_PARENT'] = 'yes'
    gateway = await startAwsGateway()
    const outside = { OUTSIDE: 'over there' }
    stack = await startStack({ assembly, gateway, outside, maxProcesses: 3, onLog: (_name, line) => logs.push(line) })
  })

  afterAll(async () => {
    delete process.env['LEAKED_FROM_PARENT']
    await stack.close()
    await gateway.close()
    assembly[Symbol.dispose]()
  })

  it('find in their environment what the template gives, what Lambda adds, and nothing else', async () => {
    const outcome = await act({ act: 'environment' })
    expect(outcome).toEqual({
      kind: 'returned',
      payload: { given: stack.queues['Mine']?.url, outside: 'over there', names: expect.any(Array) },
    })
    const names = Object.keys(named('Actor').environment)
    expect(outcome).toMatchObject({ payload: { names: expect.arrayContaining(names) } })
    expect(JSON.stringify(outcome)).not.toContain('LEAKED_FROM_PARENT')
    expect(names.filter((name) => !/^(AWS_|_HANDLER|LAMBDA_|LANG|TZ|PATH|HOME)/.test(name)).sort()).toEqual([
      'GIVEN',
      'OUTSIDE',
    ])
  })

  it('may do what their role allows and nothing more', async () => {
    const allowed = await act({ act: 'send', url: stack.queues['Mine']?.url })
    expect(allowed).toMatchObject({ kind: 'returned', payload: { MessageId: expect.any(String) } })
    const denied = await act({ act: 'send', url: stack.queues['Other']?.url })
    expect(denied).toMatchObject({ kind: 'failed', error: { errorType: 'AccessDeniedException' } })
  })

  it('give what they throw, and the process goes on', async () => {
    const [pid] = named('Actor')
      .processes()
      .map((one) => one.pid)
    expect(await act({ act: 'throw' })).toMatchObject({
      kind: 'failed',
      error: { errorType: 'RangeError', errorMessage: 'out of range', trace: expect.any(Array) },
    })
    expect(await act({ act: 'nothing' })).toEqual({ kind: 'returned', payload: null })
    expect(named('Actor').processes()).toEqual([{ pid, busy: false }])
  })

  it('give their lines, of both streams', async () => {
    await act({ act: 'say' })
    await until('all three lines came', () => ['one', 'two', 'three'].every((line) => logs.includes(line)))
  })

  it('may not return more than Lambda takes', async () => {
    expect(await act({ act: 'large' })).toMatchObject({ error: { errorType: 'Function.ResponseSizeTooLarge' } })
  })

  it('are killed when their time is out, even in an endless loop, and replaced', async () => {
    const [before] = named('Actor').processes()
    const message = expect.stringMatching(/^RequestId: \S+ Error: Task timed out after 2\.00 seconds$/)
    expect(await act({ act: 'spin' })).toEqual({
      kind: 'failed',
      error: { errorType: 'Sandbox.Timedout', errorMessage: message },
    })
    await until('the process is gone', () => !isAlive(before?.pid ?? 0))
    expect(logs).toContainEqual(message)
    expect(await act({ act: 'nothing' })).toMatchObject({ kind: 'returned' })
    expect(named('Actor').processes()[0]?.pid).not.toBe(before?.pid)
  })

  it('fail when their process ends or is killed in the middle, and are replaced', async () => {
    expect(await act({ act: 'exit' })).toMatchObject({
      error: { errorType: 'Runtime.ExitError', errorMessage: expect.stringContaining('exit status 7') },
    })
    const running = act({ act: 'wait', ms: 900 })
    const busy = () =>
      named('Actor')
        .processes()
        .find((one) => one.busy)
    await until('it runs', () => busy() !== undefined)
    process.kill(busy()?.pid ?? 0, 'SIGKILL')
    expect(await running).toMatchObject({ error: { errorMessage: expect.stringContaining('signal: SIGKILL') } })
    expect(await act({ act: 'nothing' })).toMatchObject({ kind: 'returned' })
  })

  it('end when they are recycled, a busy one when it has answered, and are given nothing more', async () => {
    const { processes, recycle } = named('Actor')
    const pidOf = async (ms: number) => outcomeSchema.parse(await act({ act: 'wait', ms })).payload.pid
    const warm = await pidOf(0)
    expect(await pidOf(0)).toBe(warm)
    const running = pidOf(300)
    expect(processes()).toEqual([{ pid: warm, busy: true }])
    recycle(warm)
    const beside = pidOf(0)
    expect(await running).toBe(warm)
    await until('the busy one is gone', () => !isAlive(warm))
    const cold = await beside
    expect(cold).not.toBe(warm)
    recycle(cold)
    // Not even in the moment in which it is not gone yet.
    expect(await pidOf(0)).not.toBe(cold)
    await until('the idle one is gone', () => !isAlive(cold))
  })

  it('have one invocation at a time in a process, and as many processes as the machine lets them have', async () => {
    const outcomes = await Promise.all(Array.from({ length: 7 }, () => act({ act: 'wait', ms: 300 })))
    const payloads = outcomes.map((outcome) => (outcome.kind === 'returned' ? outcome.payload : outcome))
    expect(payloads).toEqual(outcomes.map(() => ({ pid: expect.any(Number), id: expect.any(String) })))
    expect(new Set(payloads.map((payload) => JSON.stringify(payload))).size).toBe(7)
    expect(named('Actor').processes()).toHaveLength(3)
  })

  it('are throttled beyond their reserved concurrency', async () => {
    const outcomes = await Promise.all([1, 2].map(() => named('Single').invoke({ act: 'nothing' })))
    expect(outcomes.map(({ kind }) => kind)).toEqual(['returned', 'throttled'])
  })

  it('fail with what went wrong while they were loaded', async () => {
    expect(await named('Broken').invoke({})).toMatchObject({
      kind: 'failed',
      error: { errorType: 'Error', errorMessage: 'no variable LEDGER_TABLE' },
    })
  })

  it('leave no process, even one that is busy, when the stack is closed', async () => {
    const running = act({ act: 'spin' })
    await until('it runs', () =>
      named('Actor')
        .processes()
        .some(({ busy }) => busy),
    )
    const pids = stack.functions.flatMap((one) => one.processes().map(({ pid }) => pid))
    expect(pids.length).toBeGreaterThan(1)
    await stack.close()
    expect(pids.filter(isAlive)).toEqual([])
    expect(await running).toMatchObject({ kind: 'failed' })
    await expect(fetch(stack.apiUrl)).rejects.toThrow()
  })
})

it('the processes end with the program that started them', async () => {
  const directory = mkdtempSync(join(tmpdir(), 'local-stack-'))
  writeFileSync(join(directory, 'index.mjs'), 'setInterval(() => {}, 1000); export const handler = async () => {}')
  const program = spawn(process.execPath, [fileURLToPath(new URL('./orphan.ts', import.meta.url)), directory], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const pid = await firstNumber(program)
  expect(isAlive(pid)).toBe(true)
  program.kill('SIGKILL')
  await until('the function is gone too', () => !isAlive(pid))
  rmSync(directory, { recursive: true })
})

async function firstNumber({ stdout }: ChildProcess): Promise<number> {
  if (!stdout) throw new Error('no output')
  const [line] = await once(stdout, 'data')
  return Number(String(line))
}
