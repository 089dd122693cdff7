import { randomUUID } from 'node:crypto'
import type { IncomingMessage } from 'node:http'
import type { APIGatewayProxyEventV2 } from 'aws-lambda'

/** What the event needs to know beside the request itself. */
export type EventSetting = {
  account: string
  apiId: string
  stage: string
  stageVariables: Record<string, string>
  routeKey: string
  pathParameters: Record<string, string>
  /** Decoded, the stage left out. */
  path: string
  query: string
  now: number
}

/** Content types that API Gateway hands on as text; everything else, and what names none, goes as base64. */
const TEXT = /^(text\/.*|application\/(json|xml|javascript|.*\+json|.*\+xml))$/i

/**
 * The event that an HTTP API gives its function, payload format 2.0.
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html
 */
export function toEvent(request: IncomingMessage, body: Buffer, setting: EventSetting): APIGatewayProxyEventV2 {
  const { cookie, ...headers } = joinedHeaders(request.rawHeaders)
  const sourceIp = request.socket.remoteAddress ?? '127.0.0.1'
  const host = headers['host'] ?? 'localhost'
  const isText = TEXT.test((headers['content-type'] ?? '').split(';')[0]?.trim() ?? '')
  const query = joinedQuery(setting.query)
  return {
    version: '2.0',
    routeKey: setting.routeKey,
    rawPath: setting.path,
    rawQueryString: setting.query,
    ...(cookie && { cookies: cookie.split(/[;,]\s*/) }),
    headers: {
      ...headers,
      'content-length': String(body.length),
      'x-forwarded-for': sourceIp,
      'x-forwarded-proto': 'http',
      'x-forwarded-port': host.split(':')[1] ?? '80',
    },
    ...(query && { queryStringParameters: query }),
    requestContext: {
      accountId: setting.account,
      apiId: setting.apiId,
      domainName: host,
      domainPrefix: setting.apiId,
      http: {
        method: request.method ?? 'GET',
        path: setting.path,
        protocol: `HTTP/${request.httpVersion}`,
        sourceIp,
        userAgent: headers['user-agent'] ?? '',
      },
      requestId: randomUUID(),
      routeKey: setting.routeKey,
      stage: setting.stage,
      time: commonLogTime(setting.now),
      timeEpoch: setting.now,
    },
    ...(Object.keys(setting.pathParameters).length > 0 && { pathParameters: setting.pathParameters }),
    ...(Object.keys(setting.stageVariables).length > 0 && { stageVariables: setting.stageVariables }),
    ...(body.length > 0 && { body: body.toString(isText ? 'utf8' : 'base64') }),
    isBase64Encoded: body.length > 0 && !isText,
  }
}

/** Names in lower case, the values of one that comes several times joined by a comma. */
function joinedHeaders(raw: string[]): Record<string, string> {
  const headers: Record<string, string> = {}
  for (let index = 0; index + 1 < raw.length; index += 2) {
    const name = (raw[index] ?? '').toLowerCase()
    const value = raw[index + 1] ?? ''
    headers[name] = headers[name] === undefined ? value : `${headers[name]},${value}`
  }
  return headers
}

function joinedQuery(query: string): Record<string, string> | undefined {
  if (!query) return undefined
  const parameters = new URLSearchParams(query)
  return Object.fromEntries([...new Set(parameters.keys())].map((name) => [name, parameters.getAll(name).join(',')]))
}

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec']

/** `12/Mar/2020:19:03:58 +0000` */
function commonLogTime(now: number): string {
  const date = new Date(now)
  const day = String(date.getUTCDate()).padStart(2, '0')
  return `${day}/${MONTHS[date.getUTCMonth()]}/${date.getUTCFullYear()}:${date.toISOString().slice(11, 19)} +0000`
}
