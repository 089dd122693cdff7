import * as z from 'zod'
import type { Asked, Home } from '../call.ts'
import type { WireRequest } from '../endpoint.ts'
import { AwsError, parseBody } from '../json-protocol.ts'
import type { Registry } from './registry.ts'

/** https://docs.aws.amazon.com/lambda/latest/api/API_AddPermission.html and its opposite. */
const POLICY = /^\/2015-03-31\/functions\/([^/]+)\/policy(?:\/([^/]+))?\/?$/

const addSchema = z.strictObject({
  StatementId: z.string().regex(/^[\w-]{1,100}$/),
  Action: z.string(),
  Principal: z.string(),
  SourceArn: z.string().optional(),
})

type Services = { home: Home; registry: Registry; authorise(asked: Asked): void }

/**
 * Who else may invoke a function, as far as it was said at run time. Nothing is refused for it here: what a template says is
 * checked when the stack starts.
 */
export function createPermissions() {
  const statements = new Map<string, Map<string, object>>()
  /** @returns undefined for a request of something else */
  return (request: WireRequest, { home, registry, authorise }: Services): object | undefined => {
    const [, encoded, sid] = POLICY.exec(new URL(request.url, 'http://127.0.0.1').pathname) ?? []
    if (encoded === undefined) return undefined
    const name = decodeURIComponent(encoded).replace(/^arn:aws:lambda:[^:]*:[^:]*:function:/, '')
    const arn = `arn:aws:lambda:${home.region}:${home.account}:function:${name}`
    const isAdding = request.method === 'POST' && sid === undefined
    if (!isAdding && (request.method !== 'DELETE' || sid === undefined)) return undefined
    authorise({ action: `lambda:${isAdding ? 'AddPermission' : 'RemovePermission'}`, resources: [arn], body: {} })
    if (!registry.functions.has(name))
      throw new AwsError('ResourceNotFoundException', `Function not found: ${arn}`, 404)
    const mine = statements.get(name) ?? new Map<string, object>()
    statements.set(name, mine)
    if (isAdding) return add(mine, arn, request.text)
    if (!mine.delete(decodeURIComponent(sid ?? '')))
      throw new AwsError('ResourceNotFoundException', 'No policy is associated with the given resource.', 404)
    return {}
  }
}

function add(mine: Map<string, object>, arn: string, text: string): object {
  const { StatementId, SourceArn, ...rest } = addSchema.parse(parseBody(text))
  if (mine.has(StatementId))
    throw new AwsError('ResourceConflictException', `The statement id (${StatementId}) provided already exists.`, 409)
  const Condition = SourceArn === undefined ? {} : { Condition: { ArnLike: { 'AWS:SourceArn': SourceArn } } }
  const statement = { Sid: StatementId, Effect: 'Allow', ...rest, Resource: arn, ...Condition }
  mine.set(StatementId, statement)
  return { Statement: JSON.stringify(statement) }
}
