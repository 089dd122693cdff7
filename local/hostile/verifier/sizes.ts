import { MAX_DELIVERY_BYTES } from '../../../core/ingest/accept.ts'
import { MAX_BODY_BYTES } from '../../../core/ingest/message.ts'
import { type Case, delivery, forged, genuine, PLANTED, request } from './case.ts'

const MIB = 1_048_576

/** Around every limit there is: of a message, of a queue, of what is read at all. */
const SIZES = [
  ...[1, 2, 63, 64, 65, 1_023, 65_536],
  ...[MAX_BODY_BYTES - 1, MAX_BODY_BYTES, MAX_BODY_BYTES + 1],
  ...[MIB - 1, MIB, MIB + 1, 2 * MIB],
  ...[MAX_DELIVERY_BYTES - 1, MAX_DELIVERY_BYTES, MAX_DELIVERY_BYTES + 1, MAX_DELIVERY_BYTES + 4_096],
]

const EMPTY = JSON.stringify(delivery({ padding: '' }))

/** Bodies of so many bytes; null where there is none so small. */
const BODIES: Record<string, (bytes: number) => string | Buffer | null> = {
  'a delivery': (bytes) =>
    bytes < EMPTY.length ? null : EMPTY.replace('"padding":""', `"padding":"${'x'.repeat(bytes - EMPTY.length)}"`),
  'no JSON': (bytes) => `${PLANTED} `.repeat(Math.ceil(bytes / 8)).slice(0, bytes),
  // Every character of it is two bytes, so that letters and bytes are not the same.
  'two-byte letters': (bytes) => (bytes % 2 === 0 ? 'ä'.repeat(bytes / 2) : null),
  'no UTF-8': (bytes) => Buffer.alloc(bytes, 0xfe),
}

export function sizeCases(): Case[] {
  const cases = SIZES.flatMap((bytes) =>
    Object.entries(BODIES).flatMap(([kind, body]): Case[] => {
      const made = () => body(bytes) ?? ''
      if (body(bytes) === null) return []
      const name = `size: ${kind} of ${bytes} bytes`
      if (bytes > MAX_DELIVERY_BYTES)
        return [{ name: `${name}, signed`, make: () => ({ ...request(made()), expected: ['tooLarge'] }) }]
      return [
        { name: `${name}, signed`, make: () => genuine(made()) },
        { name: `${name}, forged`, make: () => forged(made()) },
      ]
    }),
  )
  const none: Case = { name: 'size: nothing at all, signed', make: () => ({ ...request(''), expected: ['refused'] }) }
  return [none, ...cases]
}
