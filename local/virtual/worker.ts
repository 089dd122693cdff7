import type { Job } from '../../core/sync/job.ts'
import { type Container, createContainers } from './containers.ts'
import { CONNECTION } from './environment.ts'
import type { World } from './functions.ts'
import { type Poller, startPoller } from './poller.ts'
import type { JobsRun } from './run.ts'

type Settings = {
  /** Begins the labels of its containers. */
  name: string
  queueUrl: string
  failedQueueUrl: string
  timeoutSeconds: number
  batchSize?: number
  maxConcurrency: number
  container(label: string): Container
}

/** A function that works off a queue of jobs, with containers of its own. */
export function startWorker(world: World, settings: Settings): { run: JobsRun; poller: Poller } {
  const { time, random, aws, telemetry } = world
  const { name, queueUrl, failedQueueUrl, timeoutSeconds, container, ...polling } = settings
  let made = 0
  const { invoke, kill } = createContainers(() => container(`${name} ${made++}`), {
    ...{ time, random: random.fork(`${name} containers`) },
    timeoutMs: timeoutSeconds * 1000,
  })
  const poller = startPoller({
    ...{ time, random: random.fork(`${name} poller`), sqs: aws.sqs, queueUrl, invoke, ...polling },
    onError: (error) => telemetry.log.error('A job threw', { error }),
  })
  const queue = aws.sqs.queue(queueUrl)
  const run: JobsRun = {
    send: (job: Omit<Job, 'connection'>) => void queue.send(JSON.stringify({ ...job, connection: CONNECTION }), {}, 0),
    open: queue.size,
    get failed() {
      return aws.sqs.queue(failedQueueUrl).size()
    },
    invocations: poller.figures,
    kill,
  }
  return { run, poller }
}
