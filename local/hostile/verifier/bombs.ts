import { bothWays, type Case, CHOOSY, CHOOSY_LIST, delivery, genuine, PLANTED, request } from './case.ts'

const DEEP = 100_000
const arrays = (depth: number) => '['.repeat(depth) + ']'.repeat(depth)
const objects = (depth: number) => `${'{"a":'.repeat(depth)}1${'}'.repeat(depth)}`
/** A delivery with JSON in the place of one value. */
const holding = (json: string) => JSON.stringify(delivery({ note: '@@' })).replace('"@@"', () => json)
const inItems = (json: string) => JSON.stringify(delivery({ history_items: '@@' })).replace('"@@"', () => json)
const inComment = (json: string) =>
  inItems(`[{"id":"1","field":"comment","comment":{"text_content":"${PLANTED}","comment":${json}}}]`)

/** What takes a parser's time, its memory or its stack. The larger ones go on the queue in their slim form. */
const BOMBS: Record<string, () => string> = {
  [`${DEEP} arrays in each other`]: () => arrays(DEEP),
  [`${DEEP} objects in each other`]: () => objects(DEEP),
  [`${DEEP} arrays that never end`]: () => '['.repeat(DEEP),
  'a value that is nested deeply': () => holding(arrays(DEEP)),
  'history items that are nested deeply': () => inItems(arrays(DEEP)),
  'a comment that is nested deeply': () => inComment(arrays(DEEP)),
  'a comment that is nested deeply and too large for a message': () => inComment(arrays(600_000)),
  'items that are nested deeply and too large for a message': () => inItems(arrays(600_000)),
  'a hundred thousand keys': () => holding(`{${Array.from({ length: 100_000 }, (_, i) => `"k${i}":0`).join(',')}}`),
  'a hundred thousand items': () => inItems(`[${Array.from({ length: 100_000 }, () => '{}').join(',')}]`),
  'ids by the thousand': () =>
    JSON.stringify({ ...delivery(), ...Object.fromEntries(Array.from({ length: 40_000 }, (_, i) => [`k${i}_id`, i])) }),
  'ids by the thousand, too large for a message': () =>
    JSON.stringify({
      ...delivery(),
      ...Object.fromEntries(Array.from({ length: 90_000 }, (_, i) => [`k${i}_id`, i])),
    }),
  'an event’s name of a megabyte': () => JSON.stringify(delivery({ event: 'e'.repeat(1_000_000) })),
  'an event’s name of three megabytes': () => JSON.stringify(delivery({ event: 'e'.repeat(3_000_000) })),
  'an id of three megabytes': () => JSON.stringify(delivery({ task_id: 'i'.repeat(3_000_000) })),
  'a number of a hundred thousand digits': () => holding('9'.repeat(100_000)),
  'a number that is infinite': () => holding('1e400'),
  'a number that is too small': () => holding('1e-400'),
  'a negative zero': () => holding('-0'),
  'a hundred thousand escapes': () => holding(`"${'\\u0041'.repeat(100_000)}"`),
  'keys that are there twice': () => `{"event":"taskCreated","event":"taskUpdated","task_id":"1","task_id":"2"}`,
  'a hundred thousand times the same key': () =>
    holding(`{${Array.from({ length: 100_000 }, () => '"k":0').join(',')}}`),
}

/** Names that objects have of themselves. */
const OWN = [
  '__proto__',
  'constructor',
  'prototype',
  'toString',
  'valueOf',
  'hasOwnProperty',
  'toJSON',
  'then',
  'length',
]

const SHAPES: readonly string[] = [
  ...[
    'null',
    'true',
    '0',
    '""',
    '[]',
    '{}',
    '"text"',
    '[[]]',
    '[null]',
    'NaN',
    "{'event':'x'}",
    '{"event"}',
    '{"event":}',
  ],
  ...[
    '{"event":null}',
    '{"event":""}',
    '{"event":7}',
    '{"event":{}}',
    '{"event":["taskUpdated"]}',
    '{"EVENT":"taskUpdated"}',
  ],
  ...[
    '{"event":"taskUpdated"}{"event":"taskUpdated"}',
    ' {"event":"taskUpdated"} ',
    '\u00a0{}',
    '//\n{}',
    '{"event":"x",}',
  ],
  ...OWN.flatMap((name) => [
    `{"${name}":{"event":"taskDeleted","ledger":true}}`,
    `{"event":"${name}","${name}":1,"history_items":[{"${name}":{"field":"x"}}]}`,
    `{"event":"taskUpdated","task_id":{"${name}":1},"history_items":{"${name}":[]}}`,
  ]),
  ...['null', '7', '"x"', '{}', '[null,1,"x",[],{}]', '{"length":9}'].map(
    (items) => `{"event":"taskUpdated","history_items":${items}}`,
  ),
]

/** Test deliveries end at the verifier unless they are exactly what we send ourselves. */
const TESTS = ['{}', '{"ledger":true}', '{"ledger":true,"nonce":"no uuid"}', '{"ledger":1,"nonce":"x"}', '{"nonce":{}}']

export function bombCases(): Case[] {
  const bombs = Object.entries(BOMBS).flatMap(([kind, body]) => bothWays(`JSON: ${kind}`, body))
  const shapes = SHAPES.flatMap((body) => bothWays(`JSON: ${body}`, () => body))
  const tests = TESTS.map(
    (rest): Case => ({
      name: `JSON: a test delivery with ${rest}`,
      make: () => {
        const body = JSON.stringify({ event: 'hooklineTest', ...Object(JSON.parse(rest)) })
        return { ...request(body), expected: ['tested'] }
      },
    }),
  )
  return [...bombs, ...shapes, ...tests, ...filterCases()]
}

/** What a filter looks at may be anything; what it cannot understand passes, and nothing is lost by it. */
function filterCases(): Case[] {
  const values = ['null', '7', '"x"', '{}', '[]', '{"toString":1}', '[901]', '1e400', `"${'9'.repeat(5_000)}"`]
  const bodies = values.flatMap((value) => [
    `{"event":"taskUpdated","list_id":${value}}`,
    `{"event":"taskUpdated","space_id":${value}}`,
    `{"event":"taskUpdated","history_items":[{"parent_id":${value},"field":${value}}]}`,
  ])
  const cases = bodies.map(
    (body): Case => ({
      name: `filter: ${body.slice(0, 90)}`,
      make: () => ({ ...request(body, { connection: CHOOSY }), expected: ['accepted', 'filtered'] }),
    }),
  )
  const wanted = JSON.stringify(delivery({ event: 'taskUpdated', list_id: CHOOSY_LIST }))
  return [
    ...cases,
    { name: 'filter: what is wanted', make: () => genuine(wanted, { connection: CHOOSY }) },
    {
      name: 'filter: what nobody wants, with a token for an id',
      make: () => {
        const token = ['pk', '123', 'ABCDEFGHIJKLMNOPQRSTUVWXYZ012345'].join('_')
        const made = request(JSON.stringify(delivery({ task_id: token, list_id: 7, history_items: [] })), {
          connection: CHOOSY,
        })
        return { ...made, planted: [...made.planted, token], expected: ['filtered'] }
      },
    },
  ]
}
