import { type Case, delivery, type Expected, request } from './case.ts'

type Headers = (signature: string) => unknown
type Row = readonly [name: string, expected: readonly Expected[], headers: Headers]

const REFUSED = ['refused'] as const
const ACCEPTED = ['accepted'] as const
/** Nothing that API Gateway makes: whichever it is, it is an answer. */
const EITHER = ['accepted', 'refused'] as const

const named = (name: string, value: unknown) => ({ [name]: value })

const ROWS: readonly Row[] = [
  ['in capitals', ACCEPTED, (s) => named('X-SIGNATURE', s)],
  ['in mixed case', ACCEPTED, (s) => named('X-siGNaturE', s)],
  ['twice, in two cases', REFUSED, (s) => ({ 'x-signature': s, 'X-Signature': s })],
  ['twice, the second being wrong', REFUSED, (s) => ({ 'x-signature': s, 'X-SIGNATURE': 'f'.repeat(64) })],
  ['joined by a comma', REFUSED, (s) => named('x-signature', `${s},${s}`)],
  ['joined by a comma and a space', REFUSED, (s) => named('x-signature', `${s}, ${s}`)],
  ['in capital letters', REFUSED, (s) => named('x-signature', s.toUpperCase())],
  ['with a space before it', REFUSED, (s) => named('x-signature', ` ${s}`)],
  ['with a line break behind it', REFUSED, (s) => named('x-signature', `${s}\n`)],
  ['with a NUL behind it', REFUSED, (s) => named('x-signature', `${s}\0`)],
  ['one letter short', REFUSED, (s) => named('x-signature', s.slice(1))],
  ['one letter long', REFUSED, (s) => named('x-signature', `${s}0`)],
  ['with its algorithm', REFUSED, (s) => named('x-signature', `sha256=${s}`)],
  ['in wide digits', REFUSED, () => named('x-signature', '０'.repeat(64))],
  ['in base64', REFUSED, (s) => named('x-signature', Buffer.from(s, 'hex').toString('base64'))],
  ['of a megabyte', REFUSED, () => named('x-signature', 'a'.repeat(1_048_576))],
  ['of nothing but zeros', REFUSED, () => named('x-signature', '0'.repeat(64))],
  ['empty', REFUSED, () => named('x-signature', '')],
  ['absent', REFUSED, () => ({})],
  ['undefined', REFUSED, () => named('x-signature', undefined)],
  ['null', REFUSED, () => named('x-signature', null)],
  ['a number', REFUSED, () => named('x-signature', 7)],
  ['a list of one', REFUSED, (s) => named('x-signature', [s])],
  ['an object', REFUSED, (s) => named('x-signature', { toString: () => s })],
  ['under another name', REFUSED, (s) => ({ 'x-hub-signature-256': s, signature: s, x_signature: s })],
  ['under a name with a space', REFUSED, (s) => named('x-signature ', s)],
  ['in the prototype', REFUSED, (s) => JSON.parse(`{"__proto__":{"x-signature":"${s}"}}`)],
  ['beside a key called __proto__', EITHER, (s) => JSON.parse(`{"__proto__":"x","x-signature":"${s}"}`)],
  ['beside a header that is no text', EITHER, (s) => ({ 'x-signature': s, host: 7 })],
  ['beside ten thousand others', ACCEPTED, (s) => ({ ...others(10_000), 'x-signature': s })],
  ['beside a header of a megabyte', ACCEPTED, (s) => ({ 'x-signature': s, cookie: 'c'.repeat(1_048_576) })],
  ['in a list of headers', REFUSED, (s) => [['x-signature', s]]],
  ['as the headers themselves', REFUSED, (s) => s],
]

const others = (count: number) => Object.fromEntries(Array.from({ length: count }, (_, i) => [`x-${i}`, String(i)]))

export const headerCases = (): Case[] =>
  ROWS.map(([name, expected, headers]) => ({
    name: `header: a signature ${name}`,
    make: () => {
      const { event, ...rest } = request(JSON.stringify(delivery()))
      const signature = event.headers['x-signature']
      return { ...rest, event: { ...event, headers: headers(signature) }, expected }
    },
  }))
