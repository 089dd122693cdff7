import * as z from 'zod'
import { nameOf } from '../arns.ts'
import type { Home, JsonObject, Reply, ServiceHandler, ServiceRequest } from '../call.ts'
import { answerIn, jsonReply } from '../json-protocol.ts'
import { queryError } from './error-codes.ts'
import { FAUXQS_ACCOUNT, openFauxqs } from './fauxqs.ts'
import { checkMessage, splitBatch } from './limits.ts'
import { createLongPoll } from './long-poll.ts'

const errorSchema = z.looseObject({ __type: z.string().default('InternalFailure') })
const queueUrlSchema = z.looseObject({ QueueUrl: z.string() })
const queueUrlsSchema = z.looseObject({ QueueUrls: z.array(z.string()).default([]) })
const batchResultSchema = z.looseObject({
  Successful: z.array(z.unknown()).default([]),
  Failed: z.array(z.unknown()).default([]),
})
const receivedSchema = z.looseObject({ Messages: z.array(z.looseObject({})).default([]) })
const namesSchema = z.looseObject({ MessageAttributeNames: z.array(z.string()).default([]) })

/** A message as sent from inside the stack. */
export type OutgoingMessage = { body: string; attributes?: Record<string, string> }

/** SQS: fauxqs, corrected where it differs from the service in something that callers rely on. */
export async function createSqs(home: Home, gatewayUrl: () => string) {
  const fauxqs = await openFauxqs(home)
  const polls = createLongPoll(fauxqs)
  const urlOf = (name: string) => `${gatewayUrl()}/${home.account}/${name}`

  /** fauxqs knows one account only: ARNs in queue attributes are translated both ways. */
  const ours = `arn:aws:sqs:${home.region}:${home.account}:`
  const theirs = `arn:aws:sqs:${home.region}:${FAUXQS_ACCOUNT}:`

  /** @throws AwsError under the name that the service gives it today */
  async function call(operation: string, text: string): Promise<Reply> {
    const reply = await fauxqs.call(operation, text)
    return reply.status === 200 ? reply : named(reply)
  }

  function named(reply: Reply): Reply {
    const code = errorSchema.parse(JSON.parse(reply.body)).__type.replace(/^.*#/, '')
    return { ...reply, headers: { ...reply.headers, 'x-amzn-query-error': queryError(code, reply.status) } }
  }

  async function attributes(operation: string, text: string): Promise<Reply> {
    const reply = await call(operation, text.replaceAll(ours, theirs))
    return { ...reply, body: reply.body.replaceAll(theirs, ours) }
  }

  async function withUrl(reply: Reply): Promise<Reply> {
    if (reply.status !== 200) return reply
    const answer = queueUrlSchema.parse(JSON.parse(reply.body))
    return jsonReply('sqs', { ...answer, QueueUrl: urlOf(nameOf(answer.QueueUrl)) })
  }

  async function listQueues(text: string): Promise<Reply> {
    const reply = await call('ListQueues', text)
    if (reply.status !== 200) return reply
    const answer = queueUrlsSchema.parse(JSON.parse(reply.body))
    return jsonReply('sqs', { ...answer, QueueUrls: answer.QueueUrls.map((url) => urlOf(nameOf(url))) })
  }

  /** A call after which something may be visible that was not. */
  async function waking(operation: string, body: JsonObject, text: string): Promise<Reply> {
    const reply = await call(operation, text)
    if (typeof body['QueueUrl'] === 'string') polls.wake(body['QueueUrl'])
    return reply
  }

  async function send(body: JsonObject, text: string): Promise<Reply> {
    checkMessage(body)
    return waking('SendMessage', body, text)
  }

  async function sendBatch({ body, text }: ServiceRequest): Promise<Reply> {
    const { accepted, failed } = splitBatch(body)
    if (failed.length === 0) return waking('SendMessageBatch', body, text)
    if (accepted.length === 0) return jsonReply('sqs', { Successful: [], Failed: failed })
    const reply = await waking('SendMessageBatch', body, JSON.stringify({ ...body, Entries: accepted }))
    if (reply.status !== 200) return reply
    const answer = batchResultSchema.parse(JSON.parse(reply.body))
    return jsonReply('sqs', { ...answer, Failed: [...answer.Failed, ...failed] })
  }

  /** The service gives out message attributes only when they are asked for; fauxqs does always. */
  async function receive(request: ServiceRequest): Promise<Reply> {
    const received = await polls.receive(request)
    if (received.status !== 200) return named(received)
    const names = namesSchema.safeParse(request.body)
    if (names.success && names.data.MessageAttributeNames.length > 0) return received
    if (!received.body.includes('"MessageAttributes":')) return received
    const answer = receivedSchema.parse(JSON.parse(received.body))
    for (const message of answer.Messages) {
      delete message['MessageAttributes']
      delete message['MD5OfMessageAttributes']
    }
    return jsonReply('sqs', answer)
  }

  const handle: ServiceHandler = async (request) => {
    const { operation, body, text } = request
    switch (operation) {
      case 'CreateQueue':
        return withUrl(await attributes(operation, text))
      case 'GetQueueUrl':
        return withUrl(await call(operation, text))
      case 'ListQueues':
        return listQueues(text)
      case 'GetQueueAttributes':
      case 'SetQueueAttributes':
        return attributes(operation, text)
      case 'SendMessage':
        return send(body, text)
      case 'SendMessageBatch':
        return sendBatch(request)
      case 'ReceiveMessage':
        return receive(request)
      case 'ChangeMessageVisibility':
      case 'ChangeMessageVisibilityBatch':
        return waking(operation, body, text)
      default:
        return call(operation, text)
    }
  }

  /** From inside the stack. @throws AwsError with the service's code when SQS refuses */
  async function sendTo(queueArn: string, message: OutgoingMessage): Promise<void> {
    const named = Object.entries(message.attributes ?? {})
    const body: JsonObject = {
      QueueUrl: urlOf(nameOf(queueArn)),
      MessageBody: message.body,
      MessageAttributes: Object.fromEntries(
        named.map(([name, value]) => [name, { DataType: 'String', StringValue: value }]),
      ),
    }
    answerIn(await send(body, JSON.stringify(body)))
  }

  return {
    handle,
    sendTo,
    /** @throws AwsError, `QueueNameExists` when a queue of that name has other attributes */
    async createQueue(queue: { name: string; attributes: Record<string, string> }) {
      const request = { QueueName: queue.name, Attributes: queue.attributes }
      answerIn(await attributes('CreateQueue', JSON.stringify(request)))
      return { url: urlOf(queue.name), arn: `${ours}${queue.name}` }
    },
    look: fauxqs.look,
    close: fauxqs.close,
  }
}
export type Sqs = Awaited<ReturnType<typeof createSqs>>
