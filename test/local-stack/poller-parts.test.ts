import { describe, expect, it } from 'vitest'
import type { InvokeOutcome } from '../../local/stack/lambda/outcome.ts'
import { handledIds } from '../../local/stack/poller/handled.ts'
import { toRecord } from '../../local/stack/poller/record.ts'

const returned = (payload: unknown): InvokeOutcome => ({ kind: 'returned', payload })
const failures = (...ids: unknown[]) =>
  returned({ batchItemFailures: ids.map((itemIdentifier) => ({ itemIdentifier })) })

describe('what of a batch is done with', () => {
  it.each<[string, InvokeOutcome, string[]]>([
    ['null', returned(null), ['a', 'b', 'c']],
    ['an empty object', returned({}), ['a', 'b', 'c']],
    ['an empty list', failures(), ['a', 'b', 'c']],
    ['a null list', returned({ batchItemFailures: null }), ['a', 'b', 'c']],
    ['one failure', failures('b'), ['a', 'c']],
    ['one failure told twice', failures('b', 'b'), ['a', 'c']],
    ['all failed', failures('a', 'b', 'c'), []],
    ['an unknown id', failures('b', 'x'), []],
    ['an empty id', failures(''), []],
    ['a null id', failures(null), []],
    ['a failure without an id', returned({ batchItemFailures: [{}] }), []],
    ['a list that is none', returned({ batchItemFailures: 'b' }), []],
    ['an error', { kind: 'failed', error: { errorType: 'Error', errorMessage: 'x' } }, []],
    ['a throttle', { kind: 'throttled' }, []],
  ])('%s', (_name, outcome, expected) => {
    expect([...handledIds(['a', 'b', 'c'], outcome, true)]).toEqual(expected)
  })

  it('is everything, whatever is returned, when failures are not reported by item', () => {
    expect([...handledIds(['a', 'b'], failures('a'), false)]).toEqual(['a', 'b'])
  })
})

it('gives a record the shape that Lambda gives it', () => {
  const message = {
    MessageId: 'm',
    ReceiptHandle: 'r',
    Body: 'body',
    MD5OfBody: 'md5',
    MD5OfMessageAttributes: 'md5a',
    Attributes: {
      ApproximateReceiveCount: '2',
      SentTimestamp: '1',
      SenderId: 's',
      ApproximateFirstReceiveTimestamp: '3',
    },
    MessageAttributes: {
      text: { DataType: 'String', StringValue: 'x' },
      bytes: { DataType: 'Binary', BinaryValue: new Uint8Array([1, 2]) },
    },
  }
  const lists = { stringListValues: [], binaryListValues: [] }
  expect(toRecord(message, 'arn:aws:sqs:r:1:q', 'r')).toEqual({
    messageId: 'm',
    receiptHandle: 'r',
    body: 'body',
    attributes: message.Attributes,
    messageAttributes: {
      text: { stringValue: 'x', dataType: 'String', ...lists },
      bytes: { binaryValue: 'AQI=', dataType: 'Binary', ...lists },
    },
    md5OfMessageAttributes: 'md5a',
    md5OfBody: 'md5',
    eventSource: 'aws:sqs',
    eventSourceARN: 'arn:aws:sqs:r:1:q',
    awsRegion: 'r',
  })
})
