import { PutCommand } from '@aws-sdk/lib-dynamodb'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { connectWriter } from '../../core/clickup/index.ts'
import { beginPause } from '../../core/pause/change.ts'
import { documents } from '../../core/platform/aws/dynamodb.ts'
import { tokenSecretName } from '../../core/platform/names.ts'
import { PK } from '../../core/platform/tables.ts'
import type { Fetch } from '../../core/upstream/exchange.ts'
import { createUpstreamStore } from '../../core/upstream/store.ts'
import { type AwsGateway, startAwsGateway } from '../../local/aws/gateway.ts'
import { clientsOf } from '../local-aws/clients.ts'
import { startSmall } from '../local-clickup/support.ts'
import { table } from '../support/dynamo.ts'
import { answer } from '../support/upstream.ts'

let gateway: AwsGateway
beforeAll(async () => {
  gateway = await startAwsGateway()
})
afterAll(async () => {
  await gateway.close()
})

let stages = 0
async function setUp(token?: string, intercept?: Fetch) {
  stages += 1
  const stage = `stage${stages}`
  const small = await startSmall()
  const { fake, world, actor, list } = small
  const value = JSON.stringify({ v: 1, token: token ?? fake.tokens.service })
  await gateway.createSecret({ name: tokenSecretName(stage, 'main'), value })
  const { secrets, dynamodb } = clientsOf(gateway, stage)
  const state = `state-${stage}`
  await gateway.createTable(table(state, [PK], []))
  const dynamo = documents(dynamodb)
  const item = { pk: 'main#connection', workspaceId: fake.workspaceId, userId: '1', callsPerMinute: 100 }
  await dynamo.send(new PutCommand({ TableName: state, Item: item }))
  const task = world.createTask(actor, { listId: list.id, name: 'Task' })
  const calls: string[] = []
  const writer = connectWriter({
    ...{ stage, connection: 'main', dynamo: dynamodb, stateTable: state, clickupUrl: fake.url },
    secrets,
    fetch: (url, init) => {
      calls.push(`${init.method} ${new URL(url).pathname}`)
      return intercept === undefined ? fetch(url, init) : intercept(url, init)
    },
  })
  const comments = () => [...world.store.comments.values()].map(({ text }) => text)
  return {
    ...small,
    writer,
    task,
    calls,
    comments,
    pause: () => beginPause({ dynamo, table: state }, { by: 'ada', reason: null, now: Date.now() }),
    upstream: createUpstreamStore({ dynamo, table: state }, 'main'),
  }
}

describe('a writer', () => {
  it('changes nothing while the stage is paused, and says so', async () => {
    const { writer, task, calls, comments, pause } = await setUp()
    await pause()
    const answered = await writer.addComment(task.id, 'Not now')
    expect(answered).toMatchObject({ kind: 'later', reason: expect.stringContaining('hookline resume') })
    expect([calls, comments()]).toEqual([[], []])
  })

  it("sets fields and comments with the connection's own token, within its budget", async () => {
    const { writer, task, world, actor, list, comments, upstream } = await setUp()
    world.createField(actor, {
      name: 'Plan',
      type: 'drop_down',
      place: { kind: 'list', id: list.id },
      options: ['Yearly'],
    })
    expect(await writer.setCustomField(task.id, 'Plan', 'Yearly')).toMatchObject({
      kind: 'set',
      field: { name: 'Plan' },
    })
    expect(await writer.addComment(task.id, 'Done by the night shift')).toEqual({
      kind: 'added',
      id: expect.any(String),
    })
    expect(comments()).toEqual(['Done by the night shift'])
    const { windows } = await upstream.load()
    expect(windows['minute']).toBeDefined()
  })

  it.each([
    ['no text', '  ', {}, 'needs a text'],
    ['somebody who is no id', 'Hello', { assignee: 'Ann' }, 'by id'],
  ])('refuses a comment with %s before it is sent', async (_, text, options, reason) => {
    const { writer, task, calls } = await setUp()
    expect(await writer.addComment(task.id, text, options)).toEqual({
      kind: 'invalid',
      reason: expect.stringContaining(reason),
    })
    expect(calls).toEqual([])
  })

  it('never sends a comment twice of which nobody knows whether it was taken', async () => {
    const { writer, task, calls, comments } = await setUp(undefined, async (url, init) => {
      await fetch(url, init)
      return answer(502, {})
    })
    expect(await writer.addComment(task.id, 'Hello')).toMatchObject({ kind: 'unknown' })
    expect(calls).toHaveLength(1)
    expect(comments()).toEqual(['Hello'])
  })

  it('says what to do when the token is refused, and without naming it', async () => {
    const token = `${'pk'}_1_WRONG`
    const { writer, task } = await setUp(token)
    const outcome = await writer.addComment(task.id, 'Hello')
    expect(outcome).toMatchObject({ kind: 'tokenDead', reason: expect.stringContaining('store a new version') })
    expect(JSON.stringify(outcome)).not.toContain(token)
  })

  it('finds no task that is not there', async () => {
    const { writer } = await setUp()
    expect(await writer.addComment('nowhere', 'Hello')).toMatchObject({ kind: 'notFound' })
    expect(await writer.addComment('a/b', 'Hello')).toMatchObject({ kind: 'invalid' })
  })
})
