import * as z from 'zod'
import { ANSWERS } from '../clickup/answers.ts'
import { pathsOf, pathText, withAt } from '../consumer/json.ts'
import { HOSTILE, SOME } from '../consumer/values.ts'
import { type Listing, listingNames } from './listings.ts'

/** What is done to the answers of one listing. `text`: as ClickUp would have answered; `key`: where its rows are. */
export type SyncCase = {
  readonly name: string
  readonly listing: Listing
  /** Null where the answer has no such place: then nothing was tried. */
  readonly change: (text: string, key: string) => Response | Promise<Response> | null
}

const json = (text: string) => new Response(text, { headers: { 'content-type': 'application/json' } })

/** Rows of the fake's answers, by their keys: their places are found in what was really answered. */
const rowsSchema = z.record(z.string(), z.unknown())
export function rowsOf(text: string, key: string): unknown[] {
  const rows = rowsSchema.safeParse(JSON.parse(text)).data?.[key]
  return Array.isArray(rows) ? rows : []
}

/** Every field of the first row, likewise; the rows beside it are good and must not suffer. */
export const fieldCases = (listing: Listing, row: unknown): SyncCase[] =>
  pathsOf(row).flatMap((path) =>
    SOME.map(
      (what): SyncCase => ({
        name: `listing: ${listing}: ${pathText(path)} is ${what}`,
        listing,
        change: (text, key) =>
          rowsOf(text, key).length === 0 ? null : json(withAt(JSON.parse(text), [key, 0, ...path], HOSTILE[what])),
      }),
    ),
  )

/** The same rows for ever: whoever goes on until a page is not full goes on for ever. */
const endless = (count: number, of: (row: object, i: number) => object) => (text: string, key: string) => {
  const [row] = rowsOf(text, key)
  if (typeof row !== 'object' || row === null) return null
  return json(JSON.stringify({ [key]: Array.from({ length: count }, (_, i) => of(row, i)), last_page: false }))
}

const PAGES: Record<string, SyncCase['change']> = {
  'the same hundred rows for ever': endless(100, (row) => row),
  'a hundred new rows for ever, of one moment': endless(100, (row, i) => ({ ...row, id: `endless${i}` })),
  'two thousand rows': endless(2_000, (row, i) => ({ ...row, id: `many${i}` })),
  'rows that are null, texts and lists': (_text, key) => json(`{"${key}":[null,"x",7,[],{},[[]]]}`),
  'rows that are no list': (_text, key) => json(`{"${key}":{"length":3}}`),
  'rows that are missing': () => json('{}'),
  'rows without an id beside good ones': (text, key) => json(JSON.stringify({ [key]: [{}, ...rowsOf(text, key)] })),
}

export const pageCases = (): SyncCase[] =>
  listingNames.flatMap((listing) => [
    ...Object.entries(PAGES).map(
      ([what, change]): SyncCase => ({ name: `listing: ${listing}: ${what}`, listing, change }),
    ),
    ...Object.entries(ANSWERS)
      // It takes a while for each try, and the consumer was asked it.
      .filter(([what]) => what !== 'thirty megabytes')
      .map(
        ([what, say]): SyncCase => ({
          name: `listing: ${listing}: ${what}`,
          listing,
          change: (text) => {
            const said = say(text)
            return typeof said === 'string' ? json(said) : said()
          },
        }),
      ),
  ])
