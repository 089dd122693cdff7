import type { Raw } from './json.ts'

const HUGE = 200_000
const nested = (depth: number, open: string, close: string, inner = '') =>
  open.repeat(depth) + inner + close.repeat(depth)
const text = (value: string): string => JSON.stringify(value)

/**
 * What may stand in the place of any value, as JSON text; `undefined` for nothing at all. Each is somebody's mistake or
 * somebody's try: another type, no number any table keeps, more than an item takes, a separator of our keys.
 */
export const HOSTILE: Readonly<Record<string, Raw | undefined>> = Object.fromEntries(
  Object.entries({
    missing: undefined,
    null: 'null',
    true: 'true',
    'an empty text': '""',
    'a text': '"hostile"',
    zero: '0',
    'minus one': '-1',
    'a fraction': '0.1',
    'an integer that no number holds': '9007199254740993',
    'a number that no table keeps': '1e308',
    'a number next to nothing': '1e-320',
    infinity: '1e999',
    'a number as a text': '"1e308"',
    'an empty list': '[]',
    'a list with null': '[null]',
    'a list of lists': '[[[]]]',
    'a list of texts': '["a","a"]',
    'an empty object': '{}',
    'an object': '{"a":1}',
    'an object with an id': '{"id":"x#y","name":null}',
    'names of a prototype': '{"__proto__":{"a":1},"constructor":{"prototype":{}},"toString":1,"then":2,"length":3}',
    'the name of a prototype': '"__proto__"',
    'an empty key': '{"":1}',
    'the separators of our keys': text('a#b/c?d&e=1:2|3'),
    'a way out of a path': text('../../team/1'),
    'an id with a line break': text('86a\nb'),
    'half a character': '"\\ud83d"',
    'a NUL': '"\\u0000"',
    'what SQS does not carry': '"\\ufffe\\uffff"',
    'right to left': text('\u202e\u2066txet'),
    'a time before all times': '"-99999999999999999"',
    'a time long ago': '"-62135596800001"',
    'a time in the year 5000': '"95617584000000"',
    'a time after all times': '8640000000000001',
    'a huge text': text('x'.repeat(HUGE)),
    'a huge text of two-byte letters': text('ä'.repeat(HUGE)),
    'a huge list': `[${Array.from({ length: 5_000 }, (_, i) => i).join(',')}]`,
    'a huge list of objects': `[${Array.from({ length: 2_000 }, (_, i) => `{"id":"${i}","name":"${'n'.repeat(60)}"}`).join(',')}]`,
    'a huge object': `{${Array.from({ length: 5_000 }, (_, i) => `"k${i}":${i}`).join(',')}}`,
    'thirty levels': nested(30, '{"a":', '}', '1'),
    'five thousand levels': nested(5_000, '[', ']'),
    'a hundred thousand levels': nested(100_000, '[', ']'),
  }).map(([name, raw]) => [name, raw === undefined ? undefined : { raw }]),
)

/** Where a whole page of them would be slow, the few that have broken things elsewhere. */
export const SOME = [
  'missing',
  'null',
  'a text',
  'a number that no table keeps',
  'an object',
  'a list with null',
  'a huge text',
] as const
