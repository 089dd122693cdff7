import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb'
import { pausable } from '../pause/gate.ts'
import type { PauseWatch } from '../pause/watch.ts'
import { createGate, type Gate, type GateServices } from '../upstream/gate.ts'
import { createUpstreamStore } from '../upstream/store.ts'
import { CLICKUP } from './provider.ts'

export type ClickUpGateServices = Pick<GateServices, 'clock' | 'random' | 'sleep' | 'log'> & {
  /** The state table. */
  state: { dynamo: DynamoDBDocumentClient; table: string }
  connection: string
  /** The limit as the operator set it. */
  callsPerMinute?: number | undefined
  /** The limit of the workspace's plan, null where it is not known; asked for at every turn, so it should be kept. */
  planLimit?: () => Promise<number | null>
  /**
   * Lets nobody call while the stage is paused.
   * @default - whoever calls is an operator, and knows
   */
  pause?: PauseWatch
}

/** The gate of a connection's token; one for each connection in a process, because it keeps what was reserved. */
export const createClickUpGate = ({
  state,
  connection,
  callsPerMinute,
  planLimit,
  pause,
  ...services
}: ClickUpGateServices): Gate => {
  const gate = createGate({
    ...services,
    store: createUpstreamStore(state, connection),
    windows: CLICKUP.windows,
    limits: { minute: { override: callsPerMinute, ...(planLimit === undefined ? {} : { known: planLimit }) } },
  })
  return pause === undefined ? gate : pausable(gate, pause, services.clock)
}
