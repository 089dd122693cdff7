import { GetCommand, PutCommand } from '@aws-sdk/lib-dynamodb'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import * as z from 'zod'
import { noCounts, totalOf } from '../../core/forget/counts.ts'
import { erase, type ForgetServices, survey, unfinished } from '../../core/forget/forget.ts'
import type { ForgetProgress } from '../../core/forget/progress-store.ts'
import type { Subject } from '../../core/forget/subject.ts'
import type { Change } from '../../core/ledger/change.ts'
import { readItem } from '../../core/ledger/history.ts'
import { differences } from '../../core/tasks/differences.ts'
import { factsOfSnapshot } from '../../core/tasks/facts.ts'
import { knownItem } from '../../core/tasks/known.ts'
import { snapshotItem } from '../../core/tasks/snapshot.ts'
import { timeEntryItem } from '../../core/tasks/time-entry.ts'
import { startDynamo, type Tables } from '../support/dynamo.ts'
import { ADA, bytesOf, dayOf, dumpAll, ledgerOf, NOW, populate, restore, servicesFor } from './world.ts'

const SUBJECT: Subject = { kind: 'user', id: ADA.id }

const TASKS = 60

let db: Awaited<ReturnType<typeof startDynamo>>
let changes: Change[]
let master: Awaited<ReturnType<typeof dumpAll>>
beforeAll(async () => {
  db = await startDynamo()
  const place = { dynamo: db.dynamo, tables: await db.tables() }
  changes = await populate(place, { tasks: TASKS, seed: 7 })
  master = await dumpAll(place)
})
afterAll(() => db.close())

let place: { dynamo: typeof db.dynamo; tables: Tables }
beforeEach(async () => {
  place = { dynamo: db.dynamo, tables: await db.tables() }
})

async function begin(services: ForgetServices) {
  const { aliases, counts } = await survey(services, SUBJECT)
  const progress = { startedAt: NOW, names: [...aliases.names], emails: [...aliases.emails], table: 0, after: null }
  return { found: counts, progress: { ...progress, counts: noCounts() } }
}

/** What must be nowhere any more, in whatever form it may stand. */
const TRACES = [/(?<!\d)40233771(?!\d)/, /ada moreau(?!x)/i, /ada\.moreau@/i]

async function traces() {
  const all = await dumpAll(place)
  const text = bytesOf([...all.ledger.values(), ...all.tasks.values(), ...all.state.values()])
  return TRACES.filter((trace) => trace.test(text)).map(String)
}

test('nothing of a person is left in the raw bytes of two thousand items, and of others everything', async () => {
  await restore(place, master, 5)
  expect(await traces()).toHaveLength(3)
  const before = await dumpAll(place)
  const services = servicesFor(place)
  const { found, progress } = await begin(services)
  expect([progress.names, progress.emails]).toEqual([[ADA.name], [ADA.email]])
  const counts = await erase(services, SUBJECT, progress)
  expect(await traces()).toEqual([])
  expect(counts.byKind).toEqual(found.byKind)
  expect(Object.keys(counts.byKind).sort()).toEqual(
    ['accounting', 'change', 'comment', 'member', 'snapshot', 'state', 'summary', 'timeEntry'].sort(),
  )
  const after = await dumpAll(place)
  expect(before.ledger.size + before.tasks.size).toBeGreaterThan(2_000)
  for (const table of ['ledger', 'tasks', 'state'] as const) {
    const untouched = [...before[table]].filter(([, item]) => !TRACES.some((trace) => trace.test(JSON.stringify(item))))
    expect(untouched.length).toBeGreaterThan(0)
    for (const [key, item] of untouched) expect(after[table].get(key)).toEqual(item)
  }
  // History loses nobody but her: every change stands where it stood.
  expect([...after.ledger.keys()]).toEqual([...before.ledger.keys()])
  for (const [key, item] of before.ledger) expect(dayOf(after.ledger.get(key))).toEqual(dayOf(item))
})

test('every item is still one of ours, and every change still a duplicate of itself', async () => {
  await restore(place, master)
  const services = servicesFor(place)
  await erase(services, SUBJECT, (await begin(services)).progress)
  const { ledger, tasks } = await dumpAll(place)
  expect([...ledger.values()].filter((item) => readItem(item).kind !== 'done')).toEqual([])
  expect([...(await ledgerOf(place).doneAmong(changes))].sort()).toEqual(changes.map(({ id }) => id).sort())
  expect(await ledgerOf(place).claim(changes[0] ?? z.never().parse(null))).toEqual({ kind: 'duplicate' })
  let seen = 0
  for (const [key, item] of tasks) {
    if (key.endsWith(' snapshot')) {
      const known = knownItem.parse(tasks.get(key.replace(/snapshot$/, 'known')))
      // What is shown and what is accounted agree as before: a sweep makes no changes of it.
      expect(differences(known, factsOfSnapshot(snapshotItem.parse(item)))).toEqual([])
      seen += 1
    }
    if (/ time#/.test(key)) timeEntryItem.parse(item)
  }
  expect(seen).toBe(TASKS)
})

test('her comments lose their text, and texts of others her name and address', async () => {
  await restore(place, master)
  const services = servicesFor(place)
  await erase(services, SUBJECT, (await begin(services)).progress)
  const texts = [...(await dumpAll(place)).ledger.values()].flatMap((item) => {
    const { data } = z.looseObject({ field: z.literal('comment'), actor: z.any(), after: z.any() }).safeParse(item)
    return data === undefined ? [] : [{ by: String(data.actor.id), text: data.after.text }]
  })
  expect(texts.filter(({ by }) => by === 'forgotten').map(({ text }) => text)).toEqual(
    expect.arrayContaining([undefined]),
  )
  expect(texts.filter(({ by, text }) => by === 'forgotten' && text !== undefined)).toEqual([])
  expect(new Set(texts.flatMap(({ text }) => text ?? []))).toEqual(
    new Set(['Looks good', 'As [forgotten] said', 'Write to [forgotten]', 'Ask [forgotten], not Ada Moreaux']),
  )
})

test('a second run finds nothing', async () => {
  await restore(place, master)
  const services = servicesFor(place)
  await erase(services, SUBJECT, (await begin(services)).progress)
  const { found, progress } = await begin(services)
  expect(totalOf(found)).toBe(0)
  expect([progress.names, progress.emails]).toEqual([[], []])
})

test('interrupted anywhere, it goes on where it was and ends the same', async () => {
  await restore(place, master)
  const services = servicesFor(place)
  const { found, progress } = await begin(services)
  let pages = 0
  const dying: ForgetServices = {
    ...services,
    progress() {
      pages += 1
      if (pages % 2 === 0) throw new Error('interrupted')
    },
  }
  let left: ForgetProgress = progress
  for (let attempt = 0; ; attempt += 1) {
    const ended = await erase(dying, SUBJECT, left).then(
      (counts) => ({ counts }),
      (error: unknown) => ({ error }),
    )
    if ('counts' in ended) {
      expect(attempt).toBeGreaterThan(1)
      expect(ended.counts.byKind).toEqual(found.byKind)
      break
    }
    expect(ended.error).toEqual(new Error('interrupted'))
    left = (await unfinished(services, SUBJECT)) ?? z.never().parse('no progress was kept')
    expect(left.names).toEqual([ADA.name])
  }
  expect(await traces()).toEqual([])
  expect(await unfinished(services, SUBJECT)).toBeNull()
})

test('what somebody else writes at the same moment is neither lost nor forgotten to be judged', async () => {
  await restore(place, master)
  const services = servicesFor(place)
  const { progress } = await begin(services)
  const all = await dumpAll(place)
  const [key = '', item] =
    [...all.tasks].find(([k, i]) => k.endsWith(' snapshot') && TRACES[0]?.test(JSON.stringify(i))) ?? []
  const [pk = '', sk = ''] = key.split(' ')
  let raced = false
  const racing: ForgetServices = {
    ...services,
    pace: {
      ...services.pace,
      async ready() {
        if (raced) return
        raced = true
        // Before the first write, and so after the page was read.
        const newer = { ...item, name: 'Renamed meanwhile', version: Number(item?.['version']) + 1 }
        await place.dynamo.send(new PutCommand({ TableName: place.tables.tasks, Item: newer }))
      },
    },
  }
  // Only this table, so that the race is in it.
  await erase(racing, SUBJECT, { ...progress, table: 1 })
  const { Item } = await place.dynamo.send(new GetCommand({ TableName: place.tables.tasks, Key: { pk, sk } }))
  expect(Item).toMatchObject({ name: 'Renamed meanwhile' })
  expect(TRACES.filter((trace) => trace.test(JSON.stringify(Item)))).toEqual([])
})
