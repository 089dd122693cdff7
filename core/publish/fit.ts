import type { ChangeEvent } from './event.ts'

/**
 * The bus takes 1 MB, but its usual targets (queues, state machines) take 256 KiB: an event stays below the smaller one,
 * with room for the envelope that the bus puts around it.
 */
export const EVENT_LIMIT_BYTES = 240 * 1024

/** Leaves out the largest parts, the task last, until the event fits; `omitted` names them. */
export function fitted(event: ChangeEvent): ChangeEvent {
  let fitting = event
  for (const part of ['before', 'after', 'task'] as const) {
    if (sizeOf(fitting) <= EVENT_LIMIT_BYTES) return fitting
    fitting = { ...fitting, [part]: null, omitted: [...fitting.omitted, part] }
  }
  return fitting
}

export const sizeOf = (event: ChangeEvent): number => Buffer.byteLength(JSON.stringify(event))
