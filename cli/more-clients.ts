import type { CloudWatchClient } from '@aws-sdk/client-cloudwatch'
import type { EventBridgeClient } from '@aws-sdk/client-eventbridge'
import type { LambdaClient } from '@aws-sdk/client-lambda'
import type { S3Client } from '@aws-sdk/client-s3'
import type { SNSClient } from '@aws-sdk/client-sns'
import { CALL_LIMITS, clientSettings } from '../core/platform/aws/limits.ts'
import type { Place } from './clients.ts'

/** Clients that few commands want: each is loaded when it is asked for, and closed with the target. */
export type MoreClients = {
  lambda(): Promise<LambdaClient>
  cloudwatch(): Promise<CloudWatchClient>
  sns(): Promise<SNSClient>
  s3(): Promise<S3Client>
  events(): Promise<EventBridgeClient>
}

/** @param endpoint where all of them are in the local stack */
export function moreClients(place: Place, endpoint?: string): { more: MoreClients; close(): void } {
  const settings = { ...clientSettings(CALL_LIMITS.worker), ...place, ...(endpoint && { endpoint }) }
  const made: { destroy(): void }[] = []
  function once<Client extends { destroy(): void }>(make: () => Promise<Client>): () => Promise<Client> {
    let making: Promise<Client> | undefined
    return () => {
      making ??= make().then((client) => {
        made.push(client)
        return client
      })
      return making
    }
  }
  const more: MoreClients = {
    lambda: once(async () => new (await import('@aws-sdk/client-lambda')).LambdaClient(settings)),
    cloudwatch: once(async () => new (await import('@aws-sdk/client-cloudwatch')).CloudWatchClient(settings)),
    sns: once(async () => new (await import('@aws-sdk/client-sns')).SNSClient(settings)),
    // The local stack has one address, so buckets stand in the path.
    s3: once(
      async () =>
        new (await import('@aws-sdk/client-s3')).S3Client({ ...settings, forcePathStyle: endpoint !== undefined }),
    ),
    events: once(async () => new (await import('@aws-sdk/client-eventbridge')).EventBridgeClient(settings)),
  }
  return {
    more,
    close() {
      for (const client of made) client.destroy()
    },
  }
}
