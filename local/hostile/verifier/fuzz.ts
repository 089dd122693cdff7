import fc from 'fast-check'
import { type Case, CONNECTION, genuine, type Request, SECRET } from './case.ts'

/** Any bytes at all, signed: kept as they are, unless they happen to be a test delivery, which chance does not write. */
const signedBytes = fc
  .uint8Array({ minLength: 1, maxLength: 4_096 })
  .map((bytes): Request => genuine(Buffer.from(bytes)))

/** Any JSON, in any spelling of its texts, signed. */
const signedJson = fc
  .json({ depthSize: 'medium', stringUnit: 'binary' })
  .map((text): Request => genuine(Buffer.from(text), { asText: true }))

/** A delivery of which each part may be anything. */
const anything = fc.anything({ maxDepth: 3, withNullPrototype: true, stringUnit: 'binary' })
const signedDelivery = fc
  .record(
    {
      event: fc.oneof(fc.constantFrom('taskUpdated', 'taskDeleted', 'x'), anything),
      history_items: fc.oneof(fc.array(anything), anything),
      task_id: anything,
      list_id: anything,
      webhook_id: anything,
    },
    { requiredKeys: [] },
  )
  .map((parts): Request => genuine(Buffer.from(JSON.stringify(parts, replacer) ?? 'null'), { asText: true }))

const replacer = (_key: string, value: unknown): unknown => (typeof value === 'bigint' ? String(value) : value)

/** An event whose parts are anything, and which nobody signed. */
const anyEvent = fc
  .record(
    {
      pathParameters: fc.oneof(
        fc.record({ connection: fc.constantFrom(CONNECTION, 'x', ''), slot: fc.constantFrom('a', 'b', 'z', '') }),
        anything,
      ),
      headers: fc.oneof(
        fc.dictionary(
          fc.constantFrom('x-signature', 'X-Signature', 'host'),
          fc.oneof(fc.stringMatching(/^[0-9a-f]{64}$/), anything),
        ),
        anything,
      ),
      body: fc.oneof(fc.string({ unit: 'binary' }), anything),
      isBase64Encoded: fc.oneof(fc.boolean(), anything),
      requestContext: anything,
    },
    { requiredKeys: [] },
  )
  .map((event): Request => ({ event, expected: ['refused'], planted: [SECRET] }))

const ARBITRARIES = {
  'any bytes': signedBytes,
  'any JSON': signedJson,
  'any delivery': signedDelivery,
  'any event': anyEvent,
}

/** So many requests by chance, the same for the same seed. A failing one is repeated by its name and the seed. */
export function fuzzCases(seed: number, runs: number): Case[] {
  const each = Math.ceil(runs / Object.keys(ARBITRARIES).length)
  return Object.entries(ARBITRARIES).flatMap(([kind, arbitrary]) =>
    fc
      .sample<Request>(arbitrary, { seed, numRuns: each })
      .map((made, i): Case => ({ name: `chance: ${kind} ${i}`, make: () => made })),
  )
}
