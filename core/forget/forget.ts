import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb'
import * as z from 'zod'
import { type ArchivePlace, readArchived } from '../archive/store.ts'
import type { Pace } from '../platform/pace.ts'
import { PK } from '../platform/tables.ts'
import { archivedObjects, bodyOf, createRewriter, rewriteObject } from './archive.ts'
import { type Counts, count, noCounts } from './counts.ts'
import type { Item } from './item.ts'
import { carryOut, pageAfter, TABLE_ORDER, type Tables } from './items.ts'
import { createJudge, type Judgement, type Table } from './judge.ts'
import { createLearner } from './learn.ts'
import { createProgressStore, type ForgetProgress } from './progress-store.ts'
import { type Aliases, NO_ALIASES, type Subject } from './subject.ts'

export type ForgetServices = {
  dynamo: DynamoDBDocumentClient
  tables: Tables
  /** Null where no raw deliveries are kept. */
  archive: ArchivePlace | null
  /** Of writes. */
  pace: Pace
  connections: readonly string[]
  /** Told after each page. */
  progress(counts: Counts): void
}

/**
 * What a subject was called, and what would become of what. `customIdOf`: the id of the task whose custom id was given for one;
 * by that nothing of it would be found but the places where it is named.
 */
export type Survey = { aliases: Aliases; counts: Counts; customIdOf: string | null }

/**
 * Looks at everything twice and changes nothing: first for what the person was called, because a text can only be searched for
 * names that are known, then for what would have to be erased.
 */
export async function survey(services: ForgetServices, subject: Subject): Promise<Survey> {
  const aliases = subject.kind === 'user' ? await aliasesOf(services, subject.id) : NO_ALIASES
  const counts = noCounts()
  const judge = createJudge(subject, aliases)
  let customIdOf: string | null = null
  for await (const { table, items } of everything(services, null)) {
    for (const { item, connection } of items) {
      tally(counts, judge(table, connection, item))
      if (subject.kind === 'task' && table === 'tasks') customIdOf ??= taskCalled(subject.id, item)
    }
    counts.read += items.length
    services.progress(counts)
  }
  await throughArchive(services, { subject, aliases, counts, dryRun: true })
  return { aliases, counts, customIdOf }
}

const calledSchema = z.looseObject({ id: z.string(), customId: z.string() })

/** The id of the task in a snapshot, if that is its custom id. */
function taskCalled(customId: string, item: Item): string | null {
  const { data } = calledSchema.safeParse(item)
  return data?.customId.toLowerCase() === customId.toLowerCase() ? data.id : null
}

async function aliasesOf(services: ForgetServices, id: string): Promise<Aliases> {
  const learner = createLearner(id)
  for await (const { items } of everything(services, null)) for (const { item } of items) learner.look(item)
  if (services.archive !== null) {
    for (const connection of services.connections)
      for await (const key of archivedObjects(services.archive, connection))
        for (const delivery of (await readArchived(services.archive, key)).deliveries) learner.look(bodyOf(delivery))
  }
  return { names: learner.names, emails: learner.emails }
}

/** An erasure that was begun and has not come to its end; null when there is none. */
export const unfinished = (
  { dynamo, tables, connections }: ForgetServices,
  subject: Subject,
): Promise<ForgetProgress | null> => createProgressStore({ dynamo, table: tables.state }, subject, connections).load()

/**
 * Erases a subject, table by table, then the archive; goes on where it was interrupted. Done again it finds nothing, and what
 * came in meanwhile behind its back.
 * @param begun what the survey has found, or an erasure that was begun
 */
export async function erase(services: ForgetServices, subject: Subject, begun: ForgetProgress): Promise<Counts> {
  const { dynamo, tables, pace, connections } = services
  const store = createProgressStore({ dynamo, table: tables.state }, subject, connections)
  const aliases: Aliases = { names: new Set(begun.names), emails: new Set(begun.emails) }
  const judge = createJudge(subject, aliases)
  const { counts } = begun
  await store.save(begun)
  for await (const { table, items, next } of everything(services, begun)) {
    for (const { item, connection } of items) {
      if (judge(table, connection, item).act.kind !== 'keep') await pace.ready()
      const done = await carryOut({ dynamo, table: tables[table] }, item, (each) => judge(table, connection, each))
      if (done !== null && done.act.kind !== 'keep') pace.took(1)
      if (done !== null) tally(counts, done)
    }
    counts.read += items.length
    await store.save({ ...begun, ...next, counts })
    services.progress(counts)
  }
  await throughArchive(services, { subject, aliases, counts, dryRun: false })
  // It holds what was to be erased, so it is the last to go.
  await store.remove()
  return counts
}

type Found = { item: Item; connection: string }
type Page = { table: Table; items: readonly Found[]; next: Pick<ForgetProgress, 'table' | 'after'> }

/** All items of the connections, page by page, from the beginning or from where an erasure stands. */
async function* everything(
  { dynamo, tables, connections }: ForgetServices,
  from: Pick<ForgetProgress, 'table' | 'after'> | null,
): AsyncGenerator<Page> {
  let after = from?.after ?? null
  for (let at = from?.table ?? 0; at < TABLE_ORDER.length; at += 1) {
    const table = TABLE_ORDER[at]
    if (table === undefined) return
    do {
      const page = await pageAfter({ dynamo, table: tables[table] }, after)
      after = page.next
      const items = page.items.flatMap((item): Found[] => {
        const [connection = ''] = String(item[PK]).split('#')
        return connections.includes(connection) ? [{ item, connection }] : []
      })
      yield { table, items, next: after === null ? { table: at + 1, after } : { table: at, after } }
    } while (after !== null)
  }
}

function tally(counts: Counts, { kind, act, stillShown, textsLeft }: Judgement): void {
  if (act.kind === 'put') count(counts, kind, 'changed')
  if (act.kind === 'delete') count(counts, kind, 'deleted')
  if (stillShown) counts.stillShown += 1
  if (textsLeft) counts.textsLeft += 1
}

type InArchive = { subject: Subject; aliases: Aliases; counts: Counts; dryRun: boolean }

async function throughArchive(
  { archive, connections, pace, progress }: ForgetServices,
  { subject, aliases, counts, dryRun }: InArchive,
): Promise<void> {
  if (archive === null) return
  const rewrite = createRewriter(subject, aliases)
  for (const connection of connections) {
    for await (const key of archivedObjects(archive, connection)) {
      if (!dryRun) await pace.ready()
      const { read, changed, deleted, unreadable } = await rewriteObject(archive, key, rewrite, { dryRun })
      if (!dryRun && changed + deleted > 0) pace.took(1)
      counts.read += read
      counts.unreadable += unreadable
      count(counts, 'archivedDelivery', 'changed', changed)
      count(counts, 'archivedDelivery', 'deleted', deleted)
      progress(counts)
    }
  }
}
