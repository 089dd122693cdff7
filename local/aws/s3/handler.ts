import type { Home, OtherHandler, WireReply } from '../call.ts'
import { AwsError } from '../json-protocol.ts'
import { readS3 } from './asked.ts'
import { openFauxS3 } from './fauxs3.ts'

/** What the stack itself does with S3. */
export type S3 = {
  createBucket(name: string): Promise<{ arn: string }>
}

/** S3 as far as objects are put, listed, read and deleted; buckets are made by the template alone. */
export function createS3(home: Home) {
  const fauxs3 = openFauxS3(home.region)

  const handle: OtherHandler = async (request, authorise) => {
    try {
      const { method, action, resources } = readS3(request)
      authorise({ action, resources, body: null })
      return await fauxs3.call({ method, url: request.url, headers: request.headers, bytes: request.bytes })
    } catch (error) {
      return refusal(error)
    }
  }

  const service: S3 = {
    async createBucket(name) {
      const answer = await fauxs3.call({ method: 'PUT', url: `/${name}`, headers: {}, bytes: Buffer.alloc(0) })
      if (answer.status !== 200)
        throw new AwsError('BucketAlreadyOwnedByYou', `There is a bucket ${name} already.`, 409)
      return { arn: `arn:aws:s3:::${name}` }
    },
  }

  return { handle, service, close: fauxs3.close }
}

const ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;' }

/** A refusal on the wire, in S3's words for those that all services share. */
function refusal(thrown: unknown): WireReply {
  const isOurs = thrown instanceof AwsError
  const code = isOurs ? thrown.code : 'InternalError'
  const status = isOurs ? thrown.status : 500
  const isDenied = code === 'AccessDeniedException'
  const message = thrown instanceof Error ? thrown.message : String(thrown)
  const escaped = message.replace(/[&<>]/g, (sign) => ENTITIES[sign] ?? sign)
  return {
    status: isDenied ? 403 : status,
    headers: { 'content-type': 'application/xml' },
    body: `<?xml version="1.0" encoding="UTF-8"?>\n<Error><Code>${isDenied ? 'AccessDenied' : code}</Code><Message>${escaped}</Message></Error>`,
  }
}
