import type { EventName } from '../../core/clickup/event-names.ts'
import type { Resource } from './events.ts'
import type { Emission, HistoryItem, Mutation } from './world/mutation.ts'

/** What became of one event on its way to one webhook. */
export type Fate = 'pending' | 'delivered' | 'dropped' | 'lost'

export type LostBy = 'delivery' | 'change' | 'silence'

export type Heard = {
  readonly deliveryId: string
  readonly webhookId: string
  readonly event: EventName
  /** Why it was never sent: by itself, with all that its act set off, or because the webhook says nothing any more. */
  readonly lostBy?: LostBy
  /** How much later than usual it left, in milliseconds; absent if it did not. */
  readonly lateMs?: number
  fate: Fate
}

/**
 * One thing that really happened. `item` came with a history item, `deletion` is a task's, `hint` an event that says
 * nothing but where to look, `silent` something that no event tells.
 */
export type TruthChange = {
  readonly seq: number
  readonly kind: 'item' | 'deletion' | 'hint' | 'silent'
  /** The act it belongs to, as `setStatus`. */
  readonly mutation: string
  readonly resource: Resource
  readonly historyId: string | null
  readonly field: string | null
  /** The events that carry it, twins included. */
  readonly events: readonly EventName[]
  /** Milliseconds on ClickUp's clock: the history item's date where there is one, else when it happened. */
  readonly date: number
  readonly actor: number
  readonly before: unknown
  readonly after: unknown
  /** An edited comment has the history id of the posted one: only the text tells them apart. */
  readonly comment: { readonly id: string; readonly text: string; readonly parts: unknown } | null
  readonly customField: { readonly id: string; readonly name: string; readonly type: string } | null
  /** Of a deletion: the task's life that it ended, counted from 1. */
  readonly incarnation: number | null
  /** Every delivery that carries it, with what became of each; empty if no webhook listened. */
  readonly deliveries: Heard[]
}

/** The best that became of a change: `unheard` if no webhook was to get it, `silent` if there was nothing to get. */
export function fateOf(change: TruthChange): Fate | 'unheard' | 'silent' {
  if (change.kind === 'silent') return 'silent'
  const fates = new Set(change.deliveries.map(({ fate }) => fate))
  const best = (['delivered', 'pending', 'dropped', 'lost'] as const).find((fate) => fates.has(fate))
  return best ?? 'unheard'
}

type Unnumbered = Omit<TruthChange, 'seq' | 'mutation' | 'actor' | 'deliveries'>
const NOTHING_MORE = { comment: null, customField: null, incarnation: null }

function ofItem(resource: Resource, item: HistoryItem, events: EventName[]): Unnumbered {
  const { comment, custom_field: field } = item
  return {
    kind: 'item',
    resource,
    historyId: item.id,
    field: item.field,
    events,
    date: Number(item.date),
    before: item.before,
    after: item.after,
    comment: comment ? { id: comment.id, text: comment.text_content, parts: comment.comment } : null,
    customField: field ? { id: field.id, name: field.name, type: field.type } : null,
    incarnation: null,
  }
}

const incarnationOf = (was: unknown): number | null =>
  typeof was === 'object' && was !== null && 'incarnation' in was && typeof was.incarnation === 'number'
    ? was.incarnation
    : null

function ofBareEvent({ event, resource, was = null, is = null }: Emission, date: number): Unnumbered {
  const meaning = { resource, historyId: null, field: null, events: [event], date, before: was, after: is }
  if (event !== 'taskDeleted') return { kind: 'hint', ...meaning, ...NOTHING_MORE }
  return { kind: 'deletion', ...meaning, ...NOTHING_MORE, incarnation: incarnationOf(was) }
}

/**
 * The changes of a mutation, each once, however many events carry it; and for each emission the changes that it carries.
 * `number` gives each change its place in the log.
 */
export function changesOf(mutation: Mutation, number: () => number) {
  const changes: TruthChange[] = []
  const byItem = new Map<HistoryItem, { change: TruthChange; events: EventName[] }>()
  const enter = (change: Unnumbered): TruthChange => {
    const { name, actor } = mutation
    const entered = { ...change, seq: number(), mutation: name, actor: actor.userId, deliveries: [] }
    changes.push(entered)
    return entered
  }

  const carried = mutation.emissions.map((emission) => {
    if (emission.items === null || emission.items.length === 0) {
      return { emission, changes: [enter(ofBareEvent(emission, mutation.date))] }
    }
    const ofEmission = emission.items.map((item) => {
      const known = byItem.get(item)
      if (known !== undefined) {
        known.events.push(emission.event)
        return known.change
      }
      const events = [emission.event]
      const change = enter(ofItem(emission.resource, item, events))
      byItem.set(item, { change, events })
      return change
    })
    return { emission, changes: ofEmission }
  })

  for (const { resource, field, before, after } of mutation.silent) {
    const date = mutation.date
    enter({ kind: 'silent', resource, historyId: null, field, events: [], date, before, after, ...NOTHING_MORE })
  }
  return { changes, carried }
}
