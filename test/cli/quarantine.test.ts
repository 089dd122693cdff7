import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import * as z from 'zod'
import { main } from '../../cli/main.ts'
import { createMailbox } from '../../core/process/messages.ts'
import { deliveryMessage, depthOf, drain } from '../quarantine/support.ts'
import { NOW, run, type Stack, startStack } from './stack.ts'

const invalid = { class: 'invalid', reason: '400 FIELD_006 no such field' }
const malformed = { class: 'malformed', reason: 'the body is not JSON' }
/** Put together at run time, as everything that looks like one. */
const TOKEN = `pk_${'7'.repeat(8)}_${'A1'.repeat(16)}`

let stack: Stack
let mailbox: ReturnType<typeof createMailbox>
beforeEach(async () => {
  vi.stubEnv('TZ', 'UTC')
  stack = await startStack()
  mailbox = createMailbox(stack.sqs, stack.queues)
})
afterEach(async () => {
  vi.unstubAllEnvs()
  await stack.close()
})

const quarantine = (...args: string[]) => run(stack.cwd, ['quarantine', ...args])
const listedSchema = z.object({ messages: z.array(z.object({ id: z.string(), class: z.string() })) })
async function idsOf(wanted: string): Promise<string[]> {
  const { out } = await quarantine('list', '--json')
  const { messages } = listedSchema.parse(JSON.parse(out))
  return messages.filter((each) => each.class === wanted).map(({ id }) => id)
}
const waiting = async () => (await depthOf(stack.sqs, stack.queues.quarantine)).visible

async function fill(): Promise<void> {
  for (const id of ['a', 'b', 'c'])
    await mailbox.quarantine(deliveryMessage(id, { receivedAt: NOW - 3_600_000 }), invalid)
  await mailbox.quarantine(deliveryMessage('', { body: 'no', text: 'no', receivedAt: NOW - 60_000 }), malformed)
}

describe('list', () => {
  test('says what is there by reason, and each message when asked', async () => {
    await fill()
    const { status, out } = await quarantine('list', '--each', '--utc')
    expect(status).toBe(0)
    expect(out).toContain('4 messages in the quarantine (local stack).')
    expect(out).toMatch(/invalid +3 +1h ago +main +3 taskUpdated +400 FIELD_006 no such field/)
    expect(out).toMatch(/malformed +1 +1m ago/)
    expect(out).toMatch(/[0-9a-f-]{36} +2026-09-09T23:26:40Z +invalid +main +taskUpdated +task a/)
    expect(await waiting()).toBe(4)
  })

  test('of an empty quarantine says so, and as JSON has nothing in it', async () => {
    expect(await quarantine('list')).toMatchObject({ status: 0, out: 'The quarantine is empty (local stack).\n' })
    const { out } = await quarantine('list', '--json')
    expect(JSON.parse(out)).toEqual({ about: 0, looked: 0, more: false, groups: [], messages: [] })
  })

  test('looks at no more than it is told to, and says that there are more', async () => {
    await fill()
    const { out, err } = await quarantine('list', '--look', '2')
    expect(out).toContain('2 messages in the quarantine')
    expect(err).toContain('Only 2 messages of about 4 were looked at; --look looks at more.')
  })
})

describe('show', () => {
  const comment = { text_content: 'Between us', comment: [{ text: 'Between us' }] }
  const body = JSON.stringify({ event: 'taskCommentPosted', task_id: 'a', note: TOKEN, history_items: [{ comment }] })

  test('gives a message whole, without what looks like a secret and without the texts of comments', async () => {
    await mailbox.quarantine(deliveryMessage('a', { body, text: body }), invalid)
    const [id = ''] = await idsOf('invalid')
    const { status, out } = await quarantine('show', id)
    expect(status).toBe(0)
    expect(out).toMatch(/reason +400 FIELD_006 no such field/)
    expect(out).toContain('"event": "taskCommentPosted"')
    expect(out).not.toContain(TOKEN)
    expect(out).not.toContain('Between us')
    expect(await waiting()).toBe(1)
  })

  test('gives the texts of comments to whoever asks, and never a token', async () => {
    await mailbox.quarantine(deliveryMessage('a', { body, text: body }), invalid)
    const [id = ''] = await idsOf('invalid')
    const { out } = await quarantine('show', id, '--comments', '--json')
    expect(JSON.parse(out)).toMatchObject({ id, class: 'invalid', body: { history_items: [{ comment }] } })
    expect(out).not.toContain(TOKEN)
  })

  test('says what to do about an id that is not there', async () => {
    const { status, err } = await quarantine('show', 'nothing')
    expect(status).toBe(1)
    expect(err).toMatch(/No message nothing was seen .*quarantine list --each/)
  })
})

describe('redrive', () => {
  test('sends what was chosen to the deliveries queue, and leaves the others', async () => {
    await fill()
    const { status, out } = await quarantine('redrive', '--class', 'invalid', '--yes')
    expect({ status, out }).toMatchObject({ status: 0, out: expect.stringContaining('3 messages sent') })
    const sent = await drain(stack.sqs, stack.queues.deliveries)
    expect(sent.map(({ attributes }) => attributes['resentAt'])).toEqual([String(NOW), String(NOW), String(NOW)])
    expect(await waiting()).toBe(1)
  })

  test('dry says what it would do, and how long that takes at the default rate', async () => {
    for (let i = 0; i < 60; i += 1) await mailbox.quarantine(deliveryMessage(`t${i}`), invalid)
    const { out } = await quarantine('redrive', '--dry-run')
    // Nothing is known of the limit, so it is that of most plans: 100 calls a minute, of which half.
    expect(out).toContain('This would send 60 messages, 50 a minute, so for about 1m 12s')
    const { out: json } = await quarantine('redrive', '--dry-run', '--max', '5', '--rate', '7', '--json')
    expect(JSON.parse(json)).toMatchObject({ about: 60, chosen: 5, rate: 7, dryRun: true, sentBack: 0 })
    expect(await waiting()).toBe(60)
    expect(await drain(stack.sqs, stack.queues.deliveries)).toEqual([])
  })

  test('asks first: without anybody who can answer it needs --yes, and a no changes nothing', async () => {
    await fill()
    expect(await quarantine('redrive')).toMatchObject({ status: 1, err: expect.stringContaining('say --yes') })
    const asked: string[] = []
    const notes: string[] = []
    const status = await main(['quarantine', 'redrive', '--id', (await idsOf('malformed'))[0] ?? ''], {
      ...{ write: () => undefined, note: (line: string) => void notes.push(line), columns: 80, colours: false },
      ...{ now: () => NOW, cwd: stack.cwd },
      input: {
        isTerminal: true,
        line: async (question) => {
          asked.push(question)
          return 'n'
        },
        hidden: async () => '',
        all: async () => '',
      },
    })
    expect({ status, asked, notes }).toEqual({
      status: 0,
      asked: ['Send 1 message, 50 a minute to the deliveries queue (local stack)? [y/N] '],
      notes: ['Nothing was changed.'],
    })
    expect(await waiting()).toBe(4)
  })

  test('that is broken off says how far it came, and the rest is where it was', async () => {
    for (let i = 0; i < 25; i += 1) await mailbox.quarantine(deliveryMessage(`t${i}`), invalid)
    let interrupt: () => void = () => undefined
    const notes: string[] = []
    class Ended extends Error {}
    const running = main(['quarantine', 'redrive', '--rate', '60', '--yes'], {
      ...{ write: () => undefined, note: (line: string) => void notes.push(line), columns: 80, colours: false },
      ...{ now: () => NOW, cwd: stack.cwd },
      // The first wait: there Ctrl-C comes, as it would end the process.
      sleep: async () => {
        interrupt()
        throw new Ended()
      },
      onInterrupt: (act) => {
        interrupt = act
        return () => undefined
      },
    })
    expect(await running).toBe(1)
    expect(notes[0]).toMatch(/^10 messages of 25 were sent\. The others are in the quarantine/)
    expect(await drain(stack.sqs, stack.queues.deliveries)).toHaveLength(10)
    expect(await waiting()).toBe(15)
  })
})

describe('drop', () => {
  test('writes a copy that nobody else may read, and deletes', async () => {
    await fill()
    const { status, out } = await quarantine('drop', '--class', 'invalid', '--yes')
    expect({ status, out }).toMatchObject({
      status: 0,
      out: expect.stringContaining('3 messages dropped; a copy is in'),
    })
    const [file = ''] = readdirSync(stack.cwd).filter((name) => name.endsWith('.ndjson'))
    expect(statSync(join(stack.cwd, file)).mode & 0o777).toBe(0o600)
    const lines = readFileSync(join(stack.cwd, file), 'utf8').trim().split('\n')
    const copies = lines.map((line) =>
      z.object({ body: z.string(), attributes: z.record(z.string(), z.string()) }).parse(JSON.parse(line)),
    )
    expect(copies.map(({ body }) => JSON.parse(body))).toEqual(
      expect.arrayContaining(['a', 'b', 'c'].map((id) => expect.objectContaining({ task_id: id }))),
    )
    expect(copies[0]?.attributes).toMatchObject({ class: 'invalid', connection: 'main', encoding: 'text' })
    expect(await waiting()).toBe(1)
  })

  test('without a copy only where that is said; dry it writes and deletes nothing', async () => {
    await fill()
    expect(await quarantine('drop', '--dry-run')).toMatchObject({
      status: 0,
      out: expect.stringContaining('This would delete 4 messages'),
    })
    expect(await waiting()).toBe(4)
    const { out } = await quarantine('drop', '--no-copy', '--yes', '--json')
    expect(JSON.parse(out)).toMatchObject({ chosen: 4, dropped: 4, missed: 0, copy: null })
    expect(readdirSync(stack.cwd).filter((name) => name.endsWith('.ndjson'))).toEqual([])
    expect(await waiting()).toBe(0)
  })

  test('deletes nothing where the copy cannot be written', async () => {
    await fill()
    const { status, err } = await quarantine('drop', '--yes', '--copy', 'no/such/place.ndjson')
    expect({ status, err }).toMatchObject({ status: 1, err: expect.stringContaining('--no-copy') })
    expect(existsSync(join(stack.cwd, 'no'))).toBe(false)
    expect(await waiting()).toBe(4)
  })
})
