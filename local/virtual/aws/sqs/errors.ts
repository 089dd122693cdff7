import { QueueDoesNotExist, SQSServiceException } from '@aws-sdk/client-sqs'

const $metadata = { httpStatusCode: 400, attempts: 1, totalRetryDelay: 0 }

export const refused = (name: string, message: string) =>
  new SQSServiceException({ name, $fault: 'client', message, $metadata })

export const noSuchQueue = (url: string) =>
  new QueueDoesNotExist({ message: `The specified queue does not exist: ${url}`, $metadata })
