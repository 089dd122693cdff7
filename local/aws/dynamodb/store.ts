import { EventEmitter } from 'node:events'
import dynalite from 'dynalite'
import type { Home, Reply } from '../call.ts'

/** dynalite takes region and account of its ARNs from the environment, once, when it is made. */
function openIn(home: Home) {
  const { AWS_REGION: region, AWS_ACCOUNT_ID: account } = process.env
  const restore = (name: string, value: string | undefined) => {
    if (value === undefined) delete process.env[name]
    else process.env[name] = value
  }
  process.env['AWS_REGION'] = home.region
  process.env['AWS_ACCOUNT_ID'] = home.account
  try {
    return dynalite({ createTableMs: 0, deleteTableMs: 0, updateTableMs: 0 })
  } finally {
    restore('AWS_REGION', region)
    restore('AWS_ACCOUNT_ID', account)
  }
}

/**
 * dynalite without a port: its request listener is called in process with as much of a request and a response as it uses.
 * `call` takes the operation and the request as JSON text.
 */
export function openDynalite(home: Home) {
  const server = openIn(home)
  const headers = {
    'content-type': 'application/x-amz-json-1.0',
    'x-amz-date': '20000101T000000Z',
    authorization: `AWS4-HMAC-SHA256 Credential=local/20000101/${home.region}/dynamodb/aws4_request, SignedHeaders=host, Signature=none`,
  }
  return {
    call(operation: string, text: string): Promise<Reply> {
      return new Promise((resolve) => {
        const request = Object.assign(new EventEmitter(), {
          method: 'POST',
          url: '/',
          headers: { ...headers, 'x-amz-target': `DynamoDB_20120810.${operation}` },
        })
        const answered: Record<string, string> = {}
        const response = {
          statusCode: 200,
          setHeader(name: string, value: unknown) {
            answered[name.toLowerCase()] = String(value)
          },
          end(body: string) {
            resolve({
              status: response.statusCode,
              headers: {
                'content-type': 'application/x-amz-json-1.0',
                ...(answered['x-amz-crc32'] === undefined ? {} : { 'x-amz-crc32': answered['x-amz-crc32'] }),
              },
              body,
            })
          },
        }
        server.emit('request', request, response)
        request.emit('data', Buffer.from(text))
        request.emit('end')
      })
    },
  }
}
