import { type Case, CONNECTION, delivery, request } from './case.ts'

const TOKEN = ['pk', '123', 'ABCDEFGHIJKLMNOPQRSTUVWXYZ012345'].join('_')

/** What may stand where a text is expected. */
const VALUES: Record<string, unknown> = {
  ...{ missing: undefined, null: null, 'a number': 7, true: true, 'a list': ['a'], 'an object': {}, 'no text': '' },
  'a text that is an object’s own key': '__proto__',
  constructor: 'constructor',
  'a long text': 'x'.repeat(1_000_000),
  'a path': '../../acme',
  'a path in percents': '%61cme',
  'a line break': 'acme\n',
  'capital letters': 'ACME',
  'a token': TOKEN,
  'markup and control characters': '<b>\u001b[2J\0',
  'an object that answers as a text': { toString: () => 'a' },
}

const NONE: Record<string, unknown> = {
  ...{ nothing: undefined, null: null, 'a number': 7, 'not a number': Number.NaN, 'a text': 'x', true: true },
  ...{ 'a list': [], 'an empty object': {}, 'a date': new Date(0), 'a function': () => 'x' },
  'an event of SQS': { Records: [{ body: '{}' }] },
  'the format 1.0 of API Gateway': {
    resource: '/',
    httpMethod: 'POST',
    headers: null,
    body: null,
    pathParameters: null,
  },
  'an object without a prototype': Object.create(null),
  'an object that holds itself': (() => {
    const event: Record<string, unknown> = {}
    event['headers'] = event
    event['body'] = event
    return event
  })(),
}

/** The event itself and every part of it in any shape: whatever is missing or wrong leaves a request that is refused. */
export function eventCases(): Case[] {
  const signed = () => request(JSON.stringify(delivery()))
  const of = (name: string, change: (event: Record<string, unknown>, value: unknown) => unknown): Case[] =>
    Object.entries(VALUES).map(([what, value]) => ({
      name: `event: ${name} is ${what}`,
      make: () => {
        const { event, bytes, planted } = signed()
        return { event: change(event, value), bytes, planted: [...planted, TOKEN], expected: ['refused'] }
      },
    }))
  const parameters = { connection: CONNECTION, slot: 'a' }
  const parts = [
    ...of('the connection', (event, value) => ({ ...event, pathParameters: { ...parameters, connection: value } })),
    ...of('the slot', (event, value) => ({ ...event, pathParameters: { ...parameters, slot: value } })),
    ...of('what stands for the path', (event, value) => ({ ...event, pathParameters: value })),
    ...of('what stands for the headers', (event, value) => ({ ...event, headers: value })),
    ...of('the body', (event, value) => ({ ...event, body: value })),
  ]
  // Only a name for the logs: whatever it is, the delivery is as good as any.
  const requests = Object.entries(VALUES).flatMap(([what, value]): Case[] =>
    [{ requestId: value }, value].map((requestContext, i) => ({
      name: `event: ${i === 0 ? 'the id of the request' : 'what stands for its context'} is ${what}`,
      make: () => {
        const { event, bytes, planted } = signed()
        return { event: { ...event, requestContext }, bytes, planted: [...planted, TOKEN], expected: ['accepted'] }
      },
    })),
  )
  const whole = Object.entries(NONE).map(
    ([what, event]): Case => ({ name: `event: ${what}`, make: () => ({ event, planted: [], expected: ['refused'] }) }),
  )
  return [...parts, ...requests, ...whole]
}
