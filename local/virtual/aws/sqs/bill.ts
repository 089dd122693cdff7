import type { Message } from './queue.ts'

/** Of a payload each chunk of this size is a request on the bill: https://aws.amazon.com/sqs/pricing/ */
const CHUNK_BYTES = 64 * 1024

export const bytesOf = ({ body, attributes }: Pick<Message, 'body' | 'attributes'>): number => {
  let bytes = Buffer.byteLength(body)
  for (const [name, { DataType, StringValue }] of Object.entries(attributes)) {
    bytes += name.length + DataType.length + Buffer.byteLength(StringValue)
  }
  return bytes
}

/** Requests by their kind, as SQS bills them: one however many messages it carries, and more where they are large. */
export type Bill = {
  readonly total: number
  readonly [kind: string]: number
}

export function createBill() {
  const kinds: Record<string, number> = {}
  let total = 0
  return {
    add(kind: string, bytes: number): void {
      const requests = Math.max(1, Math.ceil(bytes / CHUNK_BYTES))
      kinds[kind] = (kinds[kind] ?? 0) + requests
      total += requests
    },
    read: (): Bill => ({ ...kinds, total }),
  }
}
