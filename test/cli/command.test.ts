import { spawn, spawnSync } from 'node:child_process'
import { mkdirSync } from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest'
import { aChange, BIN, complete, directory, hookline, record, run, type Stack, startStack } from './stack.ts'

let stack: Stack
beforeAll(async () => {
  stack = await startStack()
  const now = Date.now()
  await complete(
    stack,
    Array.from({ length: 300 }, (_, i) => aChange({ at: now - i * 1_000 })),
  )
  await record(stack, '86c1', { name: 'Fix it' })
})
afterAll(() => stack.close())

const elsewhere = (local: object | null) => {
  const made = directory(local)
  onTestFinished(made.remove)
  return made.path
}

describe('an answer', () => {
  test.each([
    ['changes --limit 3', 'array'],
    ['status', 'object'],
  ])('hookline %s --json is one JSON %s and nothing else', async (command, kind) => {
    const { status, out } = await hookline(stack.cwd, [...command.split(' '), '--json'])
    const answer: unknown = JSON.parse(out)
    expect({ status, kind: Array.isArray(answer) ? 'array' : typeof answer }).toEqual({ status: 0, kind })
  })

  test('has no colours in a pipe, is not cut there, and is found from a directory below', async () => {
    const below = join(stack.cwd, 'a', 'b')
    mkdirSync(below, { recursive: true })
    const { status, out, err } = await hookline(below, ['tasks', 'show', '86c1'], { COLUMNS: '30' })
    expect({ status, err }).toEqual({ status: 0, err: '' })
    expect(out).toMatch(/^86c1 {2}Fix it\n/)
    expect(out).not.toContain('\u001b')
  })

  test('may be read only in part', () => {
    const shell = `"${process.execPath}" "${BIN}" changes --json --limit 300 | head -c 20`
    // The stack answers from this process, so the pipe has to run beside it.
    return new Promise<void>((resolve, reject) => {
      const child = spawn('bash', ['-o', 'pipefail', '-c', shell], { cwd: stack.cwd })
      let err = ''
      child.stderr.setEncoding('utf8').on('data', (text: string) => {
        err += text
      })
      child.on('error', reject)
      child.on('close', (status) => {
        expect({ status, err }).toEqual({ status: 0, err: '' })
        resolve()
      })
    })
  })
})

describe('help', () => {
  test.each([[[]], [['--help']], [['tasks', '--help']]])('hookline %j is help on standard output', async (args) => {
    const { status, out, err } = await run(stack.cwd, args)
    expect({ status, err }).toEqual({ status: 0, err: '' })
    expect(out).toMatch(/^Usage: hookline/)
  })

  test.each([
    'tasks show',
    'tasks list',
    'changes',
    'status',
    'gaps',
    'sync',
    'backfill',
    'rotate signing',
    'rotate token',
  ])('hookline %s --help fits 80 columns and has examples', async (command) => {
    const { status, out } = await run(stack.cwd, [...command.split(' '), '--help'])
    expect(status).toBe(0)
    expect(out).toContain(`  $ npx hookline ${command}`)
    expect(out.split('\n').filter((line) => line.length > 80)).toEqual([])
  })
})

test.each([
  ['frobnicate', "hookline: unknown command 'frobnicate': use one of tasks, changes, status"],
  ['tasks', 'hookline tasks: a command is missing: use one of show, list'],
  ['tasks show', "hookline tasks show: missing required argument 'id'"],
  ['tasks show a b', 'hookline tasks show: too many arguments'],
  ['changes --tusk 1', "hookline changes: unknown option '--tusk' (Did you mean --task?)"],
  ['changes --since yesterday', "hookline changes: option '--since <time>' argument 'yesterday' is invalid."],
  ['changes --limit 0', "hookline changes: option '--limit <number>' argument '0' is invalid."],
  ['tasks list --list', "hookline tasks list: option '--list <id>' argument missing"],
  ['changes --since \x1b[31m', "hookline changes: option '--since <time>' argument ' [31m' is invalid."],
  ['changes --connection main#task', "hookline changes: option '--connection <name>' argument 'main#task' is invalid."],
  ['status --stage No', "hookline status: option '--stage <name>' argument 'No' is invalid."],
])('hookline %s is misuse: status 2 and one line', async (command, line) => {
  const { status, out, err } = await run(stack.cwd, command.split(' '))
  expect({ status, out }).toEqual({ status: 2, out: '' })
  expect(err).toMatch(/^[^\n]+\(see npx hookline[a-z ]* --help\)\n$/)
  expect(err.startsWith(line)).toBe(true)
})

test('misuse and help are what the shell is told', async () => {
  const misused = await hookline(stack.cwd, ['status', '--tusk'])
  expect(misused).toEqual({
    status: 2,
    out: '',
    err: "hookline status: unknown option '--tusk' (see npx hookline status --help)\n",
  })
  const helped = await hookline(stack.cwd, [])
  expect(helped).toMatchObject({ status: 0, err: '' })
  expect(helped.out).toMatch(/^Usage: hookline/)
})

describe('a failure is status 1 and one line that says what to do', () => {
  const fails = async (cwd: string, args: string[], env?: Record<string, string>) => {
    const { status, out, err } = await (env === undefined ? run(cwd, args) : hookline(cwd, args, env))
    expect({ status, out }).toEqual({ status: 1, out: '' })
    expect(err).toMatch(/^hookline: [^\n]+\n$/)
    return err
  }

  test('no stack here and no region', async () => {
    expect(await fails(elsewhere(null), ['status'], {})).toMatch(/No AWS region is known: run npm start .*--region/)
  })

  test('a region, and no credentials', async () => {
    const err = await fails(elsewhere(null), ['changes'], { AWS_REGION: 'us-east-1' })
    expect(err).toMatch(/No AWS credentials for the stage prod on AWS .*: run npm start .*--profile/)
  })

  test('a local stack that has ended', async () => {
    const { pid } = spawnSync(process.execPath, ['--version'])
    const local = { ...stack.local, pid, endpoints: await nowhere() }
    const err = await fails(elsewhere(local), ['status'])
    expect(err).toContain(`.hookline/local.json has ended (process ${pid} is gone): run npm start`)
  })

  test('a local stack that lives and does not answer', async () => {
    const endpoints = await nowhere()
    const err = await fails(elsewhere({ ...stack.local, endpoints }), ['status'])
    expect(err).toContain(`.hookline/local.json does not answer at ${endpoints.dynamodb}: run npm start`)
  })

  test('a file that is no local stack', async () => {
    expect(await fails(elsewhere({ pid: 'x' }), ['status'])).toContain('local.json is not what npm start writes')
  })

  test('a table that is missing', async () => {
    const local = { ...stack.local, tables: { ...stack.local.tables, ledger: 'absent' } }
    expect(await fails(elsewhere(local), ['changes'])).toMatch(/A table of the local stack is missing: run npm start/)
  })

  test('a queue that is missing', async () => {
    const local = { ...stack.local, queues: { ...stack.local.queues, deliveries: `${stack.url}/000000000000/absent` } }
    expect(await fails(elsewhere(local), ['status'])).toMatch(/A queue of the local stack is missing/)
  })

  test('credentials that are not accepted', async () => {
    const local = { ...stack.local, credentials: { accessKeyId: 'stranger', secretAccessKey: 'x' } }
    expect(await fails(elsewhere(local), ['changes'])).toMatch(/does not accept the credentials for the local stack/)
  })
})

/** An address that was just free: nobody listens there. */
async function nowhere() {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  const port = typeof address === 'object' ? address?.port : undefined
  await new Promise((resolve) => server.close(resolve))
  const url = `http://127.0.0.1:${port}`
  return { dynamodb: url, sqs: url, secretsmanager: url, events: url, logs: url }
}
