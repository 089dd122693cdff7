import { join } from 'node:path'
import { CfnOutput, Duration, Stack } from 'aws-cdk-lib'
import { HttpMethod, HttpRoute, HttpRouteKey } from 'aws-cdk-lib/aws-apigatewayv2'
import { EventBus } from 'aws-cdk-lib/aws-events'
import type { Construct } from 'constructs'
import { ENV } from '../core/platform/env-names.ts'
import { signingSecretName, tokenSecretName, WEBHOOK_ROUTE } from '../core/platform/names.ts'
import { BY_LIST, BY_TIME_DAY } from '../core/platform/tables.ts'
import { VERSION } from '../core/platform/version.ts'
import { type Settings, settingsSchema } from '../core/process/settings.ts'
import { type SyncSettings, syncSettingsSchema } from '../core/sync/settings.ts'
import { Alarms } from './alarms/alarms.ts'
import { partsOf } from './alarms/index.ts'
import type { Watched } from './alarms/watch.ts'
import type { Config } from './config.ts'
import { DeliveriesQueue } from './constructs/deliveries-queue.ts'
import { encryptionKeyOf } from './constructs/encryption-key.ts'
import { Health } from './constructs/health.ts'
import { HooklineFunction } from './constructs/hookline-function.ts'
import { JobsQueue } from './constructs/jobs-queue.ts'
import { Pulse } from './constructs/pulse.ts'
import { Rotations } from './constructs/rotations.ts'
import { Standup } from './constructs/standup.ts'
import { Dashboard, functionsOf } from './dashboard/dashboard.ts'
import type { DataStack } from './data-stack.ts'
import { acknowledge } from './nag.ts'
import { SavedQueries } from './queries/saved-queries.ts'
import { AliasIntegration } from './release/alias-integration.ts'
import { VerifierRelease } from './release/verifier-release.ts'
import { ARCHIVE, CONSUMER, GUARD, SYNC, VERIFIER } from './rights.ts'
import {
  consumerTiming,
  GUARD_TIMEOUT_SECONDS,
  integrationTimeoutSeconds,
  SCHEDULES,
  SYNC_TIMEOUT_SECONDS,
} from './timing.ts'

/** The consumer that keeps what comes in, in a bundle of its own: the other one knows no S3. */
const ARCHIVING_CONSUMER = join(import.meta.dirname, '..', 'functions', 'archiving-consumer', 'handler.ts')

/** What a deploy may replace: the route, the functions, the queues between them, the schedules, and the bus. */
export class ServiceStack extends Stack {
  /** Where subscribers listen. */
  readonly bus: EventBus

  constructor(scope: Construct, id: string, config: Config, data: DataStack) {
    super(scope, id, { description: `Hookline ${config.stage}: from a delivery to a published change` })
    const timing = consumerTiming(config.consumer.timeoutSeconds)
    const encryptionKey = encryptionKeyOf(this, config)
    const { deliveries, quarantine } = new DeliveriesQueue(this, 'Deliveries', { ...timing, encryptionKey })
    this.bus = new EventBus(this, 'Bus', {
      eventBusName: config.eventBusName ?? `hookline-${config.stage}`,
      description: "Changes of ClickUp's tasks, each published at least once with the same id",
    })
    const connections = JSON.stringify(config.connections)
    const signingSecrets = config.connections.map(({ name }) => signingSecretName(config.stage, name))
    const tokenSecrets = config.connections.map(({ name }) => tokenSecretName(config.stage, name))
    const settings: Settings = settingsSchema.parse({
      leaseMs: timing.leaseMs,
      ledgerDays: config.ledgerDays,
      degradedAfterMs: config.consumer.degradedAfterMinutes * 60_000,
    })

    const verifier = new HooklineFunction(this, 'Verifier', {
      name: 'verifier',
      description: 'Answers ClickUp: checks the signature of a delivery and puts it on the queue',
      memoryMb: config.verifier.memoryMb,
      timeoutSeconds: config.verifier.timeoutSeconds,
      config,
    })
      .knows(ENV.stage, config.stage)
      .canReadSecrets(signingSecrets, ENV.connections, connections)
      .canUseQueue(deliveries, ENV.deliveriesQueueUrl, VERIFIER.deliveriesQueue)

    const consumer = new HooklineFunction(this, 'Consumer', {
      name: 'consumer',
      ...(data.archive && { entry: ARCHIVING_CONSUMER }),
      description: 'Turns deliveries into changes: claims, expands, stores and publishes them',
      memoryMb: config.consumer.memoryMb,
      // Pages of a hundred tasks are garbage as soon as they are stored: the peak of a storm is a third lower (`bench/memory`).
      semiSpaceMb: 4,
      timeoutSeconds: config.consumer.timeoutSeconds,
      allowRecursion: true,
      config,
    })
      .knows(ENV.stage, config.stage)
      .knows(ENV.settings, JSON.stringify(settings))
      .canReadSecrets(tokenSecrets, ENV.connections, connections)
      .canUseTable(data.ledger, ENV.ledgerTable, CONSUMER.ledger)
      .canUseTable(data.tasks, ENV.tasksTable, CONSUMER.tasks)
      .canUseTable(data.state, ENV.stateTable, CONSUMER.state)
      .canUseQueue(deliveries, ENV.deliveriesQueueUrl, CONSUMER.deliveriesQueue)
      .canUseQueue(quarantine, ENV.quarantineQueueUrl, CONSUMER.quarantineQueue)
      .canPublishTo(this.bus, ENV.busName)
      .consumes(deliveries, { maxConcurrency: config.consumer.maxConcurrency })
    if (data.archive) consumer.canPutObjects(data.archive, 'deliveries/*', ENV.archiveBucket, ARCHIVE.objects)

    const jobs = new JobsQueue(this, 'Jobs', { timeoutSeconds: SYNC_TIMEOUT_SECONDS, encryptionKey })
    const guardJobs = new JobsQueue(this, 'GuardJobs', { timeoutSeconds: GUARD_TIMEOUT_SECONDS, encryptionKey })
    const syncSettings: SyncSettings = syncSettingsSchema.parse({})

    new HooklineFunction(this, 'Sync', {
      name: 'sync',
      description: 'Reads the history, finds what was never delivered and counts what is gone',
      memoryMb: config.sync.memoryMb,
      timeoutSeconds: SYNC_TIMEOUT_SECONDS,
      allowRecursion: true,
      config,
    })
      .knows(ENV.stage, config.stage)
      .knows(ENV.syncSettings, JSON.stringify(syncSettings))
      .canReadSecrets(tokenSecrets, ENV.connections, connections)
      .canUseTable(data.tasks, ENV.tasksTable, SYNC.tasks)
      .canUseIndexes(data.tasks, [BY_LIST, BY_TIME_DAY], SYNC.tasksIndexes)
      .canUseTable(data.state, ENV.stateTable, SYNC.state)
      .canUseQueue(deliveries, ENV.deliveriesQueueUrl, SYNC.deliveriesQueue)
      .canUseQueue(jobs.queue, ENV.jobsQueueUrl, SYNC.jobsQueue)
      .canUseQueue(guardJobs.queue, ENV.guardQueueUrl, SYNC.guardQueue)
      .canPublishTo(this.bus, ENV.busName)
      // A job holds an invocation for as long as it works: one by one, and as many at once as there are jobs of connections.
      .consumes(jobs.queue, {
        batchSize: 1,
        maxConcurrency: Math.max(2, Math.min(1000, config.connections.length * 3)),
      })

    new HooklineFunction(this, 'Guard', {
      name: 'guard',
      description: 'Watches over the webhooks in ClickUp and mends them',
      memoryMb: 256,
      timeoutSeconds: GUARD_TIMEOUT_SECONDS,
      allowRecursion: true,
      config,
    })
      .knows(ENV.stage, config.stage)
      .knows(ENV.apiUrl, data.apiUrl)
      .canReadSecrets(tokenSecrets, ENV.connections, connections)
      .canWriteSecrets(signingSecrets)
      .canUseTable(data.state, ENV.stateTable, GUARD.state)
      .canUseQueue(jobs.queue, ENV.jobsQueueUrl, GUARD.jobsQueue)
      .canUseQueue(guardJobs.queue, ENV.guardQueueUrl, GUARD.guardQueue)
      .consumes(guardJobs.queue, { maxConcurrency: 2 })

    new Rotations(this, 'Rotations', {
      ...{ config, state: data.state, apiUrl: data.apiUrl, jobs: jobs.queue, guardJobs: guardJobs.queue },
    })

    new Pulse(this, 'Pulse', { config, state: data.state })
    if (config.health) new Health(this, 'Health', { config, state: data.state, api: data.api })

    jobs.every(SCHEDULES.sweepMinutes, 'sweep')
    jobs.every(SCHEDULES.censusMinutes, 'census')
    guardJobs.every(SCHEDULES.guardMinutes, 'guard')

    const standup = config.standup && new Standup(this, 'Standup', { config, data, bus: this.bus })

    const watched: Watched = {
      verifier: verifier.function.functionName,
      consumer: consumer.function.functionName,
      deliveriesQueue: deliveries.queueName,
      quarantineQueue: quarantine.queueName,
      failedJobsQueue: jobs.failed.queueName,
      failedGuardJobsQueue: guardJobs.failed.queueName,
      failedStandupQueue: standup?.jobs.failed.queueName,
      ledgerTable: data.ledger.tableName,
      tasksTable: data.tasks.tableName,
      stateTable: data.state.tableName,
    }
    const alarms = new Alarms(this, 'Alarms', {
      ...{ stage: config.stage, config: config.alarms, parts: partsOf(config), watched, encryptionKey },
    })

    const release = new VerifierRelease(this, 'Release', {
      ...{ verifier, config, alarms: { names: alarms.ofTheVerifier, after: [alarms] } },
    })
    const route = new HttpRoute(this, 'Route', {
      httpApi: data.api,
      routeKey: HttpRouteKey.with(WEBHOOK_ROUTE, HttpMethod.POST),
      integration: new AliasIntegration('Verifier', release.alias, {
        timeout: Duration.seconds(integrationTimeoutSeconds(config.verifier.timeoutSeconds)),
      }),
    })
    acknowledge(route, 'AwsSolutions-APIG4')

    // Last: they are about every function that is there.
    new Dashboard(this, 'Dashboard', { config, watched, apiId: data.api.apiId })
    const logGroups = functionsOf(this).map(({ name, logGroup }) => [name, logGroup.logGroupName] as const)
    new SavedQueries(this, 'Queries', {
      ...{ stage: config.stage, parts: partsOf(config) },
      logGroups: new Map([...logGroups, ['api', data.accessLogName] as const]),
    })

    new CfnOutput(this, 'DeliveriesQueueUrl', { value: deliveries.queueUrl })
    new CfnOutput(this, 'QuarantineQueueUrl', { value: quarantine.queueUrl })
    new CfnOutput(this, 'JobsQueueUrl', { value: jobs.queue.queueUrl })
    new CfnOutput(this, 'GuardQueueUrl', { value: guardJobs.queue.queueUrl })
    if (standup) new CfnOutput(this, 'StandupQueueUrl', { value: standup.jobs.queue.queueUrl })
    new CfnOutput(this, 'Version', { value: VERSION })
    new CfnOutput(this, 'EventBusName', { value: this.bus.eventBusName })
  }
}
