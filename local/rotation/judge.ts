import type { Comparison } from '../check/compare.ts'
import type { LogEntry } from '../clickup/log-entry.ts'
import type { FakeClickUp } from '../clickup/server.ts'
import { depthOf } from '../start/subscriber.ts'
import type { LocalSystem } from '../start/system.ts'
import { judgeAnswers } from './judge-answers.ts'
import { judgeGaps, lossesOf } from './judge-gaps.ts'
import { judgeRotations } from './judge-rotations.ts'
import type { Operator } from './operator.ts'
import { judgeProbes, probe } from './probe.ts'
import type { Report } from './report.ts'
import type { Way } from './settings.ts'
import type { Played } from './under-load.ts'
import type { WebhooksSeen } from './webhooks-seen.ts'

type Judged = {
  system: LocalSystem
  clickup: FakeClickUp
  operator: Operator
  watch: WebhooksSeen
  played: Played
  compared: Comparison
  /** In their order. */
  ways: readonly Way[]
  /** The number of the log's first entry that counts. */
  since: number
}

/** Asks all that there is to ask when everything is over, and judges it. */
export async function judge(given: Judged): Promise<Omit<Report, 'seed' | 'drainSeconds' | 'seconds'>> {
  const { system, clickup, operator, watch, played, compared, ways, since } = given
  const { loaded, rotated, restarts } = played
  watch.look()
  const webhooks = watch.all()
  const probes = [...played.probes, ...(await Promise.all(webhooks.map(probe)))]
  const entries = clickup.log.entries(since)
  const answers = judgeAnswers(entries, webhooks)
  const gaps = await operator.gaps()
  const standing = {
    webhooks: [...clickup.webhooks.all()],
    signing: await operator.signing(),
    labels: await operator.labels(),
  }
  const quarantined = await depthOf(system.clients.sqs, system.details.queues.quarantine)
  const { missing, extra, lost, swept, completed, unrecoverable } = compared
  return {
    faults: {
      answers: answers.faults,
      changes: [...missing.map((line) => `missing: ${line}`), ...extra.map((line) => `extra: ${line}`)],
      gaps: judgeGaps(lossesOf(lost, entries), gaps, ways.filter((way) => way === 'instead').length),
      retired: judgeProbes(probes),
      rotations: judgeRotations(rotated, ways, webhooks, standing),
      quarantine: quarantined > 0 ? [`${quarantined} messages are in it`] : [],
    },
    ...{ deliveries: loaded.deliveries, perSecond: answeredPerSecond(entries, loaded) },
    ...{ loadSeconds: Math.round((loaded.to - loaded.from) / 1_000), restarts },
    ...{ requests: answers.requests, refused: answers.refused, secrets: answers.secrets, ackMs: answers.ackMs },
    ...{ rotations: rotated.filter(({ ended }) => ended?.phase === 'done').length, ways },
    ...{ happened: clickup.log.changes().length, compared: compared.compared, lost: lost.length, gaps: gaps.length },
    ...{ missing: missing.length, extra: extra.length, unrecoverable: unrecoverable.length },
    repaired: swept.length + completed,
  }
}

/** What was really borne: requests whose answer came while the load went on, a second. */
function answeredPerSecond(entries: readonly LogEntry[], { from, to }: Played['loaded']): number {
  const answered = entries.filter(({ kind, at }) => kind === 'attempt' && at >= from && at <= to)
  return Math.round((answered.length / (to - from)) * 10_000) / 10
}
