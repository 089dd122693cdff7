import { EventBridgeClient } from '@aws-sdk/client-eventbridge'
import * as z from 'zod'
import { type Caller, inProcess, type Latency, type Operation, REGION } from './in-process.ts'

const LATENCY: Latency = [10, 30]
/** https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-quota.html */
const MAX_ENTRIES = 10
const MAX_BYTES = 1_048_576

const putEventsSchema = z.strictObject({
  Entries: z
    .array(
      z.strictObject({
        EventBusName: z.string(),
        Source: z.string(),
        DetailType: z.string(),
        Detail: z.string(),
        Resources: z.array(z.string()),
      }),
    )
    .min(1)
    .max(MAX_ENTRIES),
})

/** An entry as the bus took it. */
export type BusEntry = { readonly detailType: string; readonly detail: unknown }

/** A bus in memory: hands every entry on in the order in which it took them. */
export function createMemoryBus(onEntry: (entry: BusEntry) => void) {
  let count = 0
  const PutEvents: Operation = (input) => {
    const { Entries } = putEventsSchema.parse(input)
    const bytes = Entries.reduce((sum, { Detail }) => sum + Buffer.byteLength(Detail), 0)
    if (bytes > MAX_BYTES) throw new Error(`PutEvents of ${bytes} bytes is larger than a bus takes`)
    return {
      FailedEntryCount: 0,
      Entries: Entries.map(({ DetailType, Detail }) => {
        onEntry({ detailType: DetailType, detail: JSON.parse(Detail) })
        count += 1
        return { EventId: `event-${count}` }
      }),
    }
  }
  const operations = new Map([['PutEvents', PutEvents]])
  return {
    client: (caller: Caller) => inProcess(new EventBridgeClient({ region: REGION }), caller, LATENCY, operations),
  }
}
