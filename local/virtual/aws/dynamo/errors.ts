import { ConditionalCheckFailedException, DynamoDBServiceException } from '@aws-sdk/client-dynamodb'

const $metadata = { httpStatusCode: 400, attempts: 1, totalRetryDelay: 0 }

/** The request is none that DynamoDB would take, whatever its tables hold. */
export const invalid = (message: string) =>
  new DynamoDBServiceException({ name: 'ValidationException', $fault: 'client', message, $metadata })

export const conditionFailed = () =>
  new ConditionalCheckFailedException({ message: 'The conditional request failed', $metadata })
