import type { ChangeEvent } from './event.ts'

/**
 * The bus takes 1 MB, but its usual targets (queues, state machines) take 256 KiB: an event stays below the smaller one,
 * with room for the envelope that the bus puts around it.
 */
export const EVENT_LIMIT_BYTES = 240 * 1024

/** No name in ClickUp is longer than this; one that is must not keep the event from the bus. */
const MAX_NAME = 500

/**
 * Leaves out the largest part, then the next, until the event fits; `omitted` names them. Names are cut only when all of
 * that was not enough.
 */
export function fitted(event: ChangeEvent): ChangeEvent {
  let fitting = event
  const parts = (['task', 'before', 'after'] as const)
    .map((part) => ({ part, bytes: bytesOf(event[part]) }))
    .sort((a, b) => b.bytes - a.bytes)
  for (const { part } of parts) {
    if (sizeOf(fitting) <= EVENT_LIMIT_BYTES) return fitting
    if (fitting[part] === null) continue
    fitting = { ...fitting, [part]: null, omitted: [...new Set([...fitting.omitted, part])] }
  }
  return sizeOf(fitting) <= EVENT_LIMIT_BYTES ? fitting : withShortNames(fitting)
}

export const sizeOf = (event: ChangeEvent): number => bytesOf(event)

const bytesOf = (value: unknown): number => Buffer.byteLength(JSON.stringify(value))

function withShortNames(event: ChangeEvent): ChangeEvent {
  const { actor, customField, location } = event
  return {
    ...event,
    actor: actor && { ...shortened(actor), ...(actor.email === undefined ? {} : { email: short(actor.email) }) },
    customField: customField && { ...customField, name: short(customField.name), type: short(customField.type) },
    location: {
      space: location.space && shortened(location.space),
      folder: location.folder && shortened(location.folder),
      list: location.list && shortened(location.list),
    },
  }
}

const shortened = <Named extends { name: string | null }>(named: Named): Named => ({
  ...named,
  name: named.name === null ? null : short(named.name),
})

/** Well formed, because half of a character is none. */
const short = (text: string): string => text.slice(0, MAX_NAME).toWellFormed()
