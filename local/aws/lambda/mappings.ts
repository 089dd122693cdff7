import * as z from 'zod'
import type { Asked, Home } from '../call.ts'
import type { WireRequest } from '../endpoint.ts'
import { AwsError, parseBody } from '../json-protocol.ts'
import type { Kept, Registry } from './registry.ts'

/** https://docs.aws.amazon.com/lambda/latest/api/API_ListEventSourceMappings.html and its neighbours. */
const MAPPINGS = /^\/2015-03-31\/event-source-mappings(?:\/([^/]*))?\/?$/
/** What can be changed of a mapping here: more would be passed over. */
const updateSchema = z.strictObject({ Enabled: z.boolean(), FunctionName: z.string().optional() })
const PAGE = 100

type Services = { home: Home; registry: Registry; now(): number; authorise(asked: Asked): void }

/**
 * The event source mappings: listing them, looking at one, and switching one on and off, which takes a moment as it does in AWS.
 * @returns undefined for a request of something else
 */
export function mappingRequest(request: WireRequest, services: Services): object | undefined {
  const url = new URL(request.url, 'http://127.0.0.1')
  const [isMapping, id = ''] = MAPPINGS.exec(url.pathname) ?? []
  if (isMapping === undefined) return undefined
  const uuid = decodeURIComponent(id)
  if (request.method === 'GET' && uuid === '') return list(url.searchParams, services)
  if (request.method === 'GET') return tell(asked('GetEventSourceMapping', uuid, services), services)
  if (request.method === 'PUT' && uuid !== '') return update(uuid, request.text, services)
  return undefined
}

const arnOf = ({ region, account }: Home, uuid: string) =>
  `arn:aws:lambda:${region}:${account}:event-source-mapping:${uuid}`

function asked(operation: string, uuid: string, { home, registry, authorise }: Services, body: unknown = {}): Kept {
  authorise({ action: `lambda:${operation}`, resources: [arnOf(home, uuid)], body })
  const mapping = registry.mappings.get(uuid)
  if (mapping !== undefined) return mapping
  throw new AwsError('ResourceNotFoundException', 'The resource you requested does not exist.', 404)
}

function list(query: URLSearchParams, services: Services): object {
  services.authorise({ action: 'lambda:ListEventSourceMappings', resources: ['*'], body: Object.fromEntries(query) })
  const [source, of] = [query.get('EventSourceArn'), query.get('FunctionName')]
  const wanted = [...services.registry.mappings.values()].filter(
    ({ queueArn, functionArn }) =>
      (source === null || queueArn === source) &&
      (of === null || functionArn === of || functionArn.endsWith(`:function:${of}`)),
  )
  const from = Number(query.get('Marker') ?? 0)
  const until = from + Math.min(PAGE, Number(query.get('MaxItems') ?? PAGE))
  const more = until < wanted.length ? { NextMarker: String(until) } : {}
  return { EventSourceMappings: wanted.slice(from, until).map((mapping) => tell(mapping, services)), ...more }
}

function update(uuid: string, text: string, services: Services): object {
  const body = parseBody(text)
  const mapping = asked('UpdateEventSourceMapping', uuid, services, body)
  const parsed = updateSchema.safeParse(body)
  if (!parsed.success)
    throw new AwsError('InvalidParameterValueException', 'The local stack changes nothing of a mapping but Enabled.')
  if (mapping.state === 'Enabling' || mapping.state === 'Disabling')
    throw new AwsError(
      'ResourceInUseException',
      `The event source mapping ${uuid} is being changed: it is ${mapping.state}.`,
      400,
    )
  const { Enabled } = parsed.data
  if (Enabled === mapping.enabled) return tell(mapping, services)
  mapping.enabled = Enabled
  mapping.changedAt = services.now()
  mapping.state = Enabled ? 'Enabling' : 'Disabling'
  const answer = tell(mapping, services)
  void settle(mapping, services)
  return answer
}

async function settle(mapping: Kept, { now }: Services): Promise<void> {
  // A turn of the event loop later at the earliest: whoever has asked sees the state in between.
  if (mapping.enabled) {
    await new Promise((done) => setImmediate(done))
    mapping.enable()
  } else await mapping.disable()
  mapping.state = mapping.enabled ? 'Enabled' : 'Disabled'
  mapping.changedAt = now()
}

const tell = (mapping: Kept, { home }: Services) => ({
  UUID: mapping.uuid,
  EventSourceMappingArn: arnOf(home, mapping.uuid),
  EventSourceArn: mapping.queueArn,
  FunctionArn: mapping.functionArn,
  BatchSize: mapping.batchSize,
  MaximumBatchingWindowInSeconds: mapping.windowSeconds,
  FunctionResponseTypes: mapping.reportsFailures ? ['ReportBatchItemFailures'] : [],
  ...(mapping.maximumConcurrency === undefined
    ? {}
    : { ScalingConfig: { MaximumConcurrency: mapping.maximumConcurrency } }),
  State: mapping.state,
  StateTransitionReason: mapping.reason,
  LastModified: mapping.changedAt / 1_000,
})
