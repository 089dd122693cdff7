import * as z from 'zod'
import { isObject, type JsonObject } from '../call.ts'
import { AwsError } from '../json-protocol.ts'

/** An event as targets get it. */
export type BusEvent = {
  version: '0'
  id: string
  'detail-type': string
  source: string
  account: string
  /** RFC 3339, whole seconds. */
  time: string
  region: string
  resources: string[]
  detail: JsonObject
}

export const entrySchema = z.looseObject({
  Time: z.number().optional(),
  Source: z.string().optional(),
  Resources: z.array(z.string()).optional(),
  DetailType: z.string().optional(),
  Detail: z.string().optional(),
  EventBusName: z.string().optional(),
})
export type Entry = z.infer<typeof entrySchema>

/** https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-putevents.html#eb-putevent-size: all entries together. */
export const MAX_REQUEST_BYTES = 1024 * 1024
const TIME_BYTES = 14

/** The bytes of an entry as the service counts them. */
export function sizeOf(entry: Entry): number {
  const texts = [entry.Source, entry.DetailType, entry.Detail, ...(entry.Resources ?? [])]
  const size = texts.reduce((sum, text) => sum + Buffer.byteLength(text ?? ''), 0)
  return size + (entry.Time === undefined ? 0 : TIME_BYTES)
}

function parseDetail(text: string): JsonObject {
  const malformed = new AwsError('MalformedDetail', 'Detail is malformed.')
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    throw malformed
  }
  if (!isObject(value)) throw malformed
  return value
}

function required(entry: Entry, name: 'Source' | 'DetailType' | 'Detail'): string {
  const value = entry[name]
  if (value !== undefined && value !== '') return value
  throw new AwsError('InvalidArgument', `Parameter ${name} is not valid. Reason: ${name} is a required argument.`)
}

/** RFC 3339 with whole seconds, as events carry it. */
export const wholeSeconds = (ms: number) => `${new Date(ms).toISOString().slice(0, 19)}Z`

/** An entry as an event. @throws AwsError with the code of the entry's error */
export function eventOf(
  entry: Entry,
  { id, now, region, account }: { id: string; now: number; region: string; account: string },
): BusEvent {
  const source = required(entry, 'Source')
  const detailType = required(entry, 'DetailType')
  const detail = parseDetail(required(entry, 'Detail'))
  if (source.startsWith('aws.')) throw new AwsError('NotAuthorizedForSourceException', 'Not authorized for the source.')
  return {
    version: '0',
    id,
    'detail-type': detailType,
    source,
    account,
    time: wholeSeconds(entry.Time === undefined ? now : entry.Time * 1000),
    region,
    resources: entry.Resources ?? [],
    detail,
  }
}
