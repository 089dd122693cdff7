import { expect, test } from 'vitest'
import { type Findings, inPieces, packPiece, parseFound } from '../../core/process/found/found.ts'
import type { TimeEntry } from '../../core/tasks/time-entry.ts'

const MESSAGE_BYTES = 1_048_576
const CONTEXT = { origin: 'sweep', since: 1, until: 2, publish: false, observedAt: 3 } as const

const entry = (entryId: string): TimeEntry => ({
  entryId,
  ...{ taskId: 'abc', userId: '7', startAt: 1, endAt: 2, durationMs: 1, running: false, deleted: false, changedAt: 2 },
  ...{ revision: 'r', seen: [], description: 'x'.repeat(500) },
})

test('whatever was found in whatever number fits messages, and nothing of it is lost', () => {
  const many = (count: number) => Array.from({ length: count }, (_, i) => String(i))
  const found: Findings = {
    tasks: many(3_000).map((id) => ({ id, archived: false, fields: { name: 'n'.repeat(1_000) } })),
    missing: many(20_000).map((id) => ({ id, state: 'deleted', observedAt: 1 })),
    places: many(9_000).map((id) => ({ kind: 'list', id, isNew: true, fields: { name: 'n'.repeat(300) } })),
    time: {
      differing: many(6_000).map((id) => ({ before: null, after: entry(id) })),
      gone: many(4_000).map(entry),
      asOf: 5,
    },
    statusTimes: Object.fromEntries(many(2_000).map((id) => [id, { status_history: 'h'.repeat(900) }])),
  }
  const pieces = inPieces(found)
  const messages = pieces.map((piece, i) =>
    packPiece({ connection: 'main', receivedAt: 1 }, CONTEXT, { job: 'sweep', run: 'r', number: i, sentAt: 1 }, piece),
  )
  expect(Math.max(...messages.map(({ body }) => Buffer.byteLength(body)))).toBeLessThan(MESSAGE_BYTES / 2)
  const read = messages.flatMap(({ text }) => parseFound(text) ?? [])
  expect(read).toHaveLength(messages.length)
  expect(read.flatMap(({ tasks }) => tasks)).toEqual(found.tasks)
  expect(read.flatMap(({ missing }) => missing)).toEqual(found.missing)
  expect(read.flatMap(({ places }) => places)).toEqual(found.places)
  expect(read.flatMap(({ time }) => time?.differing ?? []).map(({ after }) => after.entryId)).toEqual(many(6_000))
  expect(read.flatMap(({ time }) => time?.gone ?? []).map(({ entryId }) => entryId)).toEqual(many(4_000))
  expect(new Set(read.flatMap(({ time }) => time?.asOf ?? []))).toEqual(new Set([5]))
  expect(Object.assign({}, ...read.map(({ statusTimes }) => statusTimes))).toEqual(found.statusTimes)
})

test('nothing is one message', () => {
  expect(inPieces({})).toHaveLength(1)
})
