import type { WireRequest } from '../endpoint.ts'
import { AwsError } from '../json-protocol.ts'
import type { Method } from './fauxs3.ts'

/** What a request wants, as IAM judges it. */
export type S3Asked = { method: Method; action: string; resources: string[] }

/** Parts of S3 that change what a request means, and that are none of this stack's. */
const SUBRESOURCES = [
  'acl',
  'lifecycle',
  'policy',
  'tagging',
  'uploads',
  'uploadId',
  'versions',
  'versionId',
  'renameObject',
  'attributes',
]

const ofBucket = (bucket: string) => `arn:aws:s3:::${bucket}`
const ofObject = (bucket: string, key: string) => `arn:aws:s3:::${bucket}/${key}`

/**
 * Reads a request with the bucket in its path: listing a bucket, and putting, getting and deleting objects.
 * @throws AwsError NotImplemented for everything else
 */
export function readS3({
  method,
  url,
  text,
  headers,
}: Pick<WireRequest, 'method' | 'url' | 'text' | 'headers'>): S3Asked {
  const { pathname, searchParams } = new URL(url, 'http://s3.invalid')
  const [, bucket = '', ...rest] = pathname.split('/').map(decodeURIComponent)
  const key = rest.join('/')
  const isPlain = SUBRESOURCES.every((name) => !searchParams.has(name))
  // A copy reads another object, which would need another right.
  const isCopy = headers['x-amz-copy-source'] !== undefined
  if (bucket !== '' && isPlain && !isCopy) {
    const object = { resources: [ofObject(bucket, key)] }
    if (key === '' && method === 'GET') return { method, action: 's3:ListBucket', resources: [ofBucket(bucket)] }
    if (key === '' && method === 'POST' && searchParams.has('delete'))
      return { method, action: 's3:DeleteObject', resources: keysIn(text).map((each) => ofObject(bucket, each)) }
    if (key !== '' && method === 'GET') return { method, action: 's3:GetObject', ...object }
    if (key !== '' && method === 'PUT') return { method, action: 's3:PutObject', ...object }
    if (key !== '' && method === 'DELETE') return { method, action: 's3:DeleteObject', ...object }
  }
  throw new AwsError('NotImplemented', `${method} ${pathname} is not part of the local stack.`, 501)
}

/** The keys of a DeleteObjects request. */
function keysIn(text: string): string[] {
  const entities: Readonly<Record<string, string>> = { lt: '<', gt: '>', quot: '"', apos: "'", amp: '&' }
  return [...text.matchAll(/<Key>([^<]*)<\/Key>/g)].map(([, key = '']) =>
    key.replace(/&(\w+);/g, (whole, name: string) => entities[name] ?? whole),
  )
}
