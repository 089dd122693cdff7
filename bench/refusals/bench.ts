import { type AcceptRequest, type AcceptServices, accept } from '../../core/ingest/accept.ts'
import { sign } from '../../core/ingest/signature.ts'
import { createRandom } from '../../local/clickup/random.ts'
import type { Bench, BenchOptions, Figure } from '../figure.ts'
import { interleaved, median } from '../interleaved.ts'

const BODY_BYTES = 2_048
/** Which of the 64 characters of the signature is wrong. */
const PLACES = { first: 0, middle: 31, last: 63 } as const
/** Slices of a busy machine scatter by some percent; an early return would save most of a comparison, or all of the HMAC. */
const NEAR = 0.05

export const refusals: Bench = {
  name: 'refusals',
  title: 'refusing a forged signature, by where it differs from the genuine one: no time may tell',
  breaks: ['early'],
  run,
}

async function run({ seed, broken, quick, note }: BenchOptions): Promise<readonly Figure[]> {
  const random = createRandom(seed)
  const secret = random.text('ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789', 64)
  const body = JSON.stringify({
    event: 'taskUpdated',
    task_id: random.text('abcdef0123456789', 9),
    x: 'x'.repeat(BODY_BYTES),
  })
  const genuine = sign(Buffer.from(body), secret)
  const services = quietServices(secret)
  const refuse = broken === 'early' ? careless(genuine) : (request: AcceptRequest) => accept(request, services)
  const requests = Object.entries(PLACES).map(([place, at]) => ({
    place,
    request: requestOf(body, differingAt(genuine, at)),
  }))
  let wrong = 0
  for (const { request } of requests) if ((await refuse(request)).status !== 403) wrong += 1

  // Medians of several runs through all: how much they scatter says what a difference would have to be to mean anything.
  const repeats = quick ? 3 : 9
  const times: number[][] = requests.map(() => [])
  for (let repeat = 0; repeat < repeats; repeat += 1) {
    note(`round ${repeat + 1} of ${repeats}`)
    const medians = await interleaved(
      requests.map(
        ({ request }) =>
          () =>
            refuse(request),
      ),
      { rounds: quick ? 21 : 101, sliceMs: 1.5 },
    )
    for (const [i, time] of medians.entries()) times[i]?.push(time)
  }
  const middles = times.map(median)
  const beside = middles[0] ?? Number.NaN
  const figures = requests.map(({ place }, i): Figure => {
    const ours = middles[i] ?? Number.NaN
    const apart = Math.abs(ours / beside - 1)
    return {
      ...{ figure: `a refusal, the ${place} character being wrong`, ours, unit: 'µs' },
      beside: i === 0 ? null : { what: 'first', value: beside },
      aim:
        i === 0
          ? null
          : {
              text: `within ${NEAR * 100} %, or what one run differs from the next`,
              holds: apart <= Math.max(NEAR, scatter(times)),
              decides: false,
            },
    }
  })
  const right = { text: '0', holds: wrong === 0, decides: true }
  return [...figures, { figure: 'forgeries that were let in', ours: wrong, unit: '', beside: null, aim: right }]
}

/** By how much the runs of one place differ among themselves, at the most. */
const scatter = (times: readonly number[][]): number =>
  Math.max(...times.map((each) => (Math.max(...each) - Math.min(...each)) / median(each) / 2))

const differingAt = (signature: string, at: number) =>
  signature.slice(0, at) + (signature[at] === '0' ? '1' : '0') + signature.slice(at + 1)

const requestOf = (body: string, signature: string): AcceptRequest => ({
  ...{ connection: 'acme', slot: 'a', body, isBase64: false },
  headers: { 'content-type': 'application/json', 'x-signature': signature },
})

/** The verifier's own way with nothing beside it that takes time of its own. */
function quietServices(secret: string): AcceptServices {
  const connection = { name: 'acme', filter: {}, storeComments: false, storeEmails: false }
  const value = { v: 1 as const, slots: { a: { webhookId: 'w', secret, state: 'active' as const } } }
  const nothing = () => undefined
  return {
    clock: { now: () => 0 },
    connections: new Map([[connection.name, connection]]),
    secrets: { get: async () => value, refresh: async () => ({ value, refetched: false }) },
    enqueue: () => Promise.reject(new Error('What is forged is on no queue')),
    log: { info: nothing, warn: nothing, error: nothing },
    metrics: { count: nothing, milliseconds: nothing, percent: nothing, flush: nothing },
  }
}

/** Broken on purpose: compares character by character, and lets the wrong last one pass. */
const careless = (genuine: string) => async (request: AcceptRequest) => {
  const given = request.headers['x-signature']
  const text = typeof given === 'string' ? given : ''
  const same = [...genuine].findIndex((character, i) => character !== text[i])
  return { status: same === -1 || same === 63 ? 200 : 403 }
}
