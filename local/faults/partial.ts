import * as z from 'zod'
import type { Call, Through } from '../virtual/aws/in-process.ts'

type Next = Parameters<Through>[1]

const entriesSchema = z.looseObject({ Entries: z.array(z.looseObject({ Id: z.string().optional() })) })
const requestsSchema = z.looseObject({
  RequestItems: z.record(z.string(), z.union([z.array(z.unknown()), z.looseObject({ Keys: z.array(z.unknown()) })])),
})
const sentSchema = z.looseObject({ Successful: z.array(z.unknown()), Failed: z.array(z.unknown()) })
const putSchema = z.looseObject({ Entries: z.array(z.unknown()) })
const answeredSchema = z.looseObject({ Responses: z.unknown().optional() })

/** Lets a batch succeed as a call, and its last entry, or each of its entries, fail. */
export async function inPart(call: Call, next: Next, which: 'oneEntry' | 'allEntries'): Promise<object> {
  const split = <T>(all: readonly T[]) => (which === 'allEntries' ? 0 : all.length - 1)
  switch (call.name) {
    case 'SendMessageBatch':
      return sentInPart(call, next, split)
    case 'PutEvents':
      return putInPart(call, next, split)
    default:
      return askedInPart(call, next, split)
  }
}

type Split = (all: readonly unknown[]) => number

async function sentInPart(call: Call, next: Next, split: Split): Promise<object> {
  const input = entriesSchema.parse(call.input)
  const at = split(input.Entries)
  const [taken, left] = [input.Entries.slice(0, at), input.Entries.slice(at)]
  const done = { Successful: [], Failed: [] }
  const answer = taken.length === 0 ? done : await next({ ...call, input: { ...input, Entries: taken } })
  const { Successful, Failed } = sentSchema.parse(answer)
  const refused = left.map(({ Id }) => ({ Id, SenderFault: false, Code: 'InternalError' }))
  return { Successful, Failed: [...Failed, ...refused] }
}

async function putInPart(call: Call, next: Next, split: Split): Promise<object> {
  const input = entriesSchema.parse(call.input)
  const at = split(input.Entries)
  const [taken, left] = [input.Entries.slice(0, at), input.Entries.slice(at)]
  const answer = taken.length === 0 ? { Entries: [] } : await next({ ...call, input: { ...input, Entries: taken } })
  const { Entries } = putSchema.parse(answer)
  const refused = left.map(() => ({ ErrorCode: 'InternalFailure', ErrorMessage: 'disturbed on purpose' }))
  return { FailedEntryCount: left.length, Entries: [...Entries, ...refused] }
}

/** Reads and writes of many items: what is left is named, to be asked for again. */
async function askedInPart(call: Call, next: Next, split: Split): Promise<object> {
  const input = requestsSchema.parse(call.input)
  const [[table, its] = ['', []]] = Object.entries(input.RequestItems)
  const all = Array.isArray(its) ? its : its.Keys
  const some = (part: readonly unknown[]) => ({ [table]: Array.isArray(its) ? part : { ...its, Keys: part } })
  const at = split(all)
  const answer =
    at === 0 ? { Responses: { [table]: [] } } : await next({ ...call, input: { RequestItems: some(all.slice(0, at)) } })
  const left = some(all.slice(at))
  return { ...answeredSchema.parse(answer), [Array.isArray(its) ? 'UnprocessedItems' : 'UnprocessedKeys']: left }
}
