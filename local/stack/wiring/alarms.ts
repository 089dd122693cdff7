import type { Clock } from '../../../core/platform/clock.ts'
import { MathError } from '../../aws/cloudwatch/math/parse.ts'
import type { AlarmChange } from '../../aws/cloudwatch/notification.ts'
import type { AlarmRecord, Deployment } from '../deployment.ts'
import { templateError } from '../errors.ts'
import type { Timer } from '../schedule/scheduler.ts'
import { checkAlarm } from './check-alarm.ts'
import { meterQueue } from './metering.ts'

/** How often CloudWatch looks, and SQS tells of its queues. */
const EVERY_MS = 60_000

export type RunningAlarms = {
  /** Tells what the queues hold, then looks at every alarm, as is done every minute; at another time if one is given (ms since 1970). */
  look(now?: number): Promise<AlarmChange[]>
  close(): void
}

/**
 * Arms the template's alarms.
 * @throws StackError for an alarm that could never fire, or that nobody would hear
 */
export function startAlarms(
  deployment: Deployment,
  options: { clock: Clock; timer: Timer; onError(where: string, error: unknown): void },
): RunningAlarms {
  const { clock, timer } = options
  const { cloudwatch } = deployment.gateway
  for (const record of deployment.alarms) {
    checkAlarm(deployment, record)
    put(deployment, record)
  }

  async function look(now = clock.now()): Promise<AlarmChange[]> {
    for (const { name } of deployment.queues) {
      const content = await deployment.gateway.lookIntoQueue(name)
      if (content !== null) meterQueue({ cloudwatch, clock: { now: () => now } }, name, content)
    }
    return cloudwatch.evaluate(now)
  }

  let callOff = () => {}
  let closed = false
  const arm = () => {
    if (closed) return
    callOff = timer(EVERY_MS, () => {
      look()
        .catch((error: unknown) => (closed ? undefined : options.onError('alarms', error)))
        .finally(arm)
    })
  }
  if (deployment.alarms.length > 0) arm()

  return {
    look,
    close() {
      closed = true
      callOff()
    },
  }
}

function put({ gateway }: Deployment, { where, definition }: AlarmRecord): void {
  try {
    gateway.cloudwatch.putAlarm(definition)
  } catch (error) {
    throw error instanceof MathError ? templateError(where, error.message) : error
  }
}
