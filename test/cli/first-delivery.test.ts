import { expect, test } from 'vitest'
import { awaitDelivery } from '../../cli/connect/first-delivery.ts'
import type { LogLine } from '../../cli/function-log.ts'

const BEGUN = 1_789_000_000_000

/** Waits on a log to which lines are added while it waits: by the milliseconds since the beginning. */
async function wait(lines: readonly { after: number; fields: unknown }[], missing = false) {
  let now = BEGUN
  const notes: string[] = []
  const asked: [string, string, number][] = []
  const io = {
    ...{ write: () => undefined, columns: undefined, colours: false, cwd: '.' },
    note: (line: string) => void notes.push(line),
    now: () => now,
    sleep: async (ms: number) => {
      now += ms
    },
  }
  const readLog = async (group: string, message: string, since: number): Promise<LogLine[] | null> => {
    asked.push([group, message, since])
    if (missing) return null
    return lines
      .filter(({ after }) => BEGUN + after <= now)
      .map(({ after, fields }, i) => ({ id: String(i), at: BEGUN + after, fields }))
  }
  const first = await awaitDelivery(io, { readLog, stage: 'dev', connection: 'main', since: BEGUN })
  return { first, asked, waited: now - BEGUN, notes: notes.map((note) => note.replace(/^\S+ {2}/, '')) }
}

const line = (decision: string, over: Record<string, unknown> = {}) => ({
  ...{ message: 'delivery', decision, event: 'taskUpdated', connection: 'main', slot: 'a', ...over },
})

test('ends with the first delivery, and tells each refused request once with its reason', async () => {
  const { first, asked, notes, waited } = await wait([
    { after: 1_000, fields: line('refused', { reason: 'signature', event: undefined }) },
    { after: 3_000, fields: line('refused', { reason: 'unknownSlot', connection: null, slot: null }) },
    { after: 5_000, fields: line('accepted', { connection: 'other' }) },
    { after: 7_000, fields: line('accepted') },
    { after: 9_000, fields: line('accepted') },
  ])
  expect(first).toEqual({ at: BEGUN + 7_000, event: 'taskUpdated', refused: 2 })
  expect(notes).toEqual([
    'refused at slot a: its signature is not that of the stored key',
    'refused: there is no webhook at that address',
    'taskUpdated at slot a: accepted',
  ])
  expect(waited).toBe(8_000)
  expect(asked[0]).toEqual(['/aws/lambda/hookline-dev-verifier', 'delivery', BEGUN - 5_000])
})

test('gives up after a minute, with lines that are none of ours left out', async () => {
  const { first, waited, notes } = await wait([
    { after: 0, fields: 'START' },
    { after: 0, fields: undefined },
  ])
  expect({ first, waited, notes }).toEqual({ first: { at: null, refused: 0 }, waited: 60_000, notes: [] })
})

test('a function that has never run has no log, and may have one soon', async () => {
  expect((await wait([], true)).first).toEqual({ at: null, refused: 0 })
})
