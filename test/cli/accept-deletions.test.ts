import { ReceiveMessageCommand } from '@aws-sdk/client-sqs'
import { afterEach, beforeEach, expect, test } from 'vitest'
import * as z from 'zod'
import { directory, NOW, run, startStack } from './stack.ts'
import { saveCensus, saveRecord } from './states.ts'

let stack: Awaited<ReturnType<typeof startStack>>
let home: ReturnType<typeof directory>
let jobs: string
beforeEach(async () => {
  stack = await startStack()
  jobs = (await stack.gateway.createQueue({ name: 'jobs', attributes: {} })).url
  const { url } = stack
  home = directory({ ...stack.local, stage: 'prod', apiUrl: url, clickupUrl: url, queues: { ...stack.queues, jobs } })
  await saveRecord(stack)
})
afterEach(async () => {
  home.remove()
  await stack.close()
})

async function sent(): Promise<unknown[]> {
  const { Messages = [] } = await stack.sqs.send(new ReceiveMessageCommand({ QueueUrl: jobs, MaxNumberOfMessages: 10 }))
  return Messages.map(({ Body = '' }): unknown => JSON.parse(Body))
}

const held = [
  { id: 'abc', observedAt: NOW },
  { id: 'def', observedAt: NOW },
]

test('has what a halted census holds back published, by the name of that very run', async () => {
  await saveCensus(stack, { run: 'r7', phase: 'halted', held })
  const { status, out, err } = await run(home.path, ['accept-deletions', '--yes', '--json'])
  expect({ status, err }).toEqual({ status: 0, err: '' })
  expect(z.unknown().parse(JSON.parse(out))).toEqual({ connection: 'main', run: 'r7', accepted: ['abc', 'def'] })
  expect(await sent()).toEqual([{ job: 'census', connection: 'main', reason: 'asked', believe: 'r7' }])
})

test('asks first, and does nothing where nobody can be asked', async () => {
  await saveCensus(stack, { run: 'r7', phase: 'halted', held })
  const { status, out, err } = await run(home.path, ['accept-deletions'])
  expect({ status, err }).toEqual({
    status: 1,
    err: 'hookline: Nobody can be asked here: look at the tasks in ClickUp, then say --yes.\n',
  })
  expect(out).toContain('ClickUp says that 2 tasks of main are deleted:\n  abc')
  expect(await sent()).toEqual([])
})

test('shows what it asks of, also where the answer is to be JSON', async () => {
  await saveCensus(stack, { run: 'r7', phase: 'halted', held })
  const { status, out, err } = await run(home.path, ['accept-deletions', '--json'])
  expect({ status, out }).toEqual({ status: 1, out: '' })
  expect(err).toContain('ClickUp says that 2 tasks of main are deleted:\n  abc')
  expect(await sent()).toEqual([])
})

test('says so where nothing is held back', async () => {
  await saveCensus(stack)
  expect(await run(home.path, ['accept-deletions', '--yes'])).toMatchObject({
    status: 1,
    err: 'hookline: No census of main is halted: nothing is held back.\n',
  })
})
