import type { EventBridgeClient } from '@aws-sdk/client-eventbridge'
import { eventBridgeClient } from '../../core/platform/aws/events.ts'
import { CALL_LIMITS } from '../../core/platform/aws/limits.ts'
import { type WorkerPlatform, workerPlatform } from '../shared/platform.ts'

/** What consumer and sync run on: the world outside, so that a simulation can put another one in its place. */
export type Platform = WorkerPlatform & { events: EventBridgeClient }

/** AWS and the network, as the environment says where they are. */
export const systemPlatform = (service: string, stage: string): Platform => ({
  ...workerPlatform(service, stage),
  events: eventBridgeClient(CALL_LIMITS.worker),
})
