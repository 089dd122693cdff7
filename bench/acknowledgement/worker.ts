import * as z from 'zod'
import { inProcess } from './in-process.ts'
import { SERVERS, startQueue } from './servers.ts'

/**
 * A process of its own for whatever is measured: the handler, a server, or the queue that a server sends to. Its standard output is
 * thrown away, which costs it the writing all the same; what there is to tell goes to whoever forked it.
 */
const orderSchema = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('in-process'),
    ...{ seed: z.number(), secret: z.string(), signedWith: z.string(), quick: z.boolean() },
  }),
  z.object({
    kind: z.literal('server'),
    name: z.enum(['hookline', 'hookline-sqs', 'express', 'express-bullmq']),
    ...{ secret: z.string(), queueUrl: z.string().optional(), redisPort: z.number().optional() },
  }),
  z.object({ kind: z.literal('queue') }),
])
export type Order = z.input<typeof orderSchema>

const order = orderSchema.parse(JSON.parse(process.argv[2] ?? ''))
// Nothing may outlive the program that started it.
process.on('disconnect', () => process.exit(0))
process.send?.(await done())
if (order.kind === 'in-process') process.disconnect()

async function done(): Promise<unknown> {
  switch (order.kind) {
    case 'in-process':
      return inProcess(order)
    case 'server':
      return { url: await SERVERS[order.name](order.secret, order) }
    case 'queue':
      return startQueue()
  }
}
