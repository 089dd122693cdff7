import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb'
import * as z from 'zod'
import type { Random } from '../../../../local/clickup/random.ts'

const itemsSchema = z.array(z.unknown())
const answerSchema = z.looseObject({
  Items: itemsSchema.optional(),
  Responses: z.record(z.string(), itemsSchema).optional(),
})

/** Has a client answer all queries and reads in another order, and some items of what is no index twice, until `stop` is called. */
export function shuffleReads(dynamo: DynamoDBDocumentClient, random: Random): { count(): number; stop(): void } {
  const name = 'shuffled'
  let count = 0
  const twice = (items: readonly unknown[]) => items.flatMap((item) => (random.chance(0.3) ? [item, item] : [item]))
  dynamo.middlewareStack.add(
    (next) => async (args) => {
      const answer = await next(args)
      const { Items, Responses } = answerSchema.parse(answer.output)
      const isIndexed = 'IndexName' in args.input
      if (Items !== undefined) Object.assign(answer.output, { Items: random.shuffle(isIndexed ? Items : twice(Items)) })
      if (Responses !== undefined) {
        const shuffled = Object.entries(Responses).map(([table, items]) => [table, random.shuffle(twice(items))])
        Object.assign(answer.output, { Responses: Object.fromEntries(shuffled) })
      }
      count += 1
      return answer
    },
    { step: 'initialize', name, override: true },
  )
  return { count: () => count, stop: () => void dynamo.middlewareStack.remove(name) }
}
