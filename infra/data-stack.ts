import { CfnOutput, Stack } from 'aws-cdk-lib'
import type { HttpApi } from 'aws-cdk-lib/aws-apigatewayv2'
import { Table } from 'aws-cdk-lib/aws-dynamodb'
import type { Bucket } from 'aws-cdk-lib/aws-s3'
import type { Construct } from 'constructs'
import { modelSecretName, signingSecretName, tokenSecretName } from '../core/platform/names.ts'
import { BY_DAY, BY_LIST, BY_SPACE, BY_TIME_DAY, SK, STATE_TTL, TTL_ATTRIBUTE } from '../core/platform/tables.ts'
import type { Config } from './config.ts'
import { ConnectionSecret } from './constructs/connection-secret.ts'
import { DataTable } from './constructs/data-table.ts'
import { DeliveryArchive } from './constructs/delivery-archive.ts'
import { encryptionKeyOf } from './constructs/encryption-key.ts'
import type { TableInUse } from './constructs/hookline-function.ts'
import { WebhookApi } from './constructs/webhook-api.ts'

/** What must outlive a deploy: the tables, the secrets, and the API with the address that ClickUp knows. */
export class DataStack extends Stack {
  /** The tables in use: those that this stack makes, or what the config names in their place. */
  readonly ledger: TableInUse
  readonly tasks: TableInUse
  readonly state: TableInUse
  readonly api: HttpApi
  /** Name of the log group that has a line for every request. */
  readonly accessLogName: string
  /** Base of every webhook's URL. */
  readonly apiUrl: string
  /** Where raw deliveries are kept, where they are. */
  readonly archive: Bucket | undefined

  constructor(scope: Construct, id: string, config: Config) {
    super(scope, id, {
      description: `Hookline ${config.stage}: tables, secrets and the address of the webhooks`,
      terminationProtection: true,
    })
    const { restoredTables } = config
    const encryptionKey = encryptionKeyOf(this, config)
    const ledger = new DataTable(this, 'Ledger', {
      ...{ sortKey: SK, timeToLiveAttribute: TTL_ATTRIBUTE, indexes: [BY_DAY], encryptionKey },
    })
    const tasks = new DataTable(this, 'Tasks', {
      sortKey: SK,
      indexes: [BY_LIST, BY_SPACE, BY_TIME_DAY],
      encryptionKey,
    })
    const state = new DataTable(this, 'State', { timeToLiveAttribute: STATE_TTL, encryptionKey })
    this.ledger = this.inUse(ledger, restoredTables.ledger)
    this.tasks = this.inUse(tasks, restoredTables.tasks)
    this.state = this.inUse(state, restoredTables.state)

    for (const { name } of config.connections) {
      new ConnectionSecret(this, `Signing-${name}`, {
        secretName: signingSecretName(config.stage, name),
        description: `Signing secrets of ClickUp's webhooks for the connection ${name}, by slot`,
        placeholder: { v: 1, slots: {} },
        encryptionKey,
      })
      new ConnectionSecret(this, `Token-${name}`, {
        secretName: tokenSecretName(config.stage, name),
        description: `ClickUp API token of the connection ${name}`,
        placeholder: { v: 1, token: null },
        encryptionKey,
      })
    }

    const provider = config.standup?.model?.provider
    // Bedrock is asked by the function's role and wants no key.
    if (provider !== undefined && provider !== 'bedrock')
      new ConnectionSecret(this, 'Model', {
        secretName: modelSecretName(config.stage),
        description: 'Key of the model that tells summaries',
        placeholder: { v: 1, key: null },
        encryptionKey,
        byHand: true,
      })

    this.archive = config.archive && new DeliveryArchive(this, 'Archive', config, config.archive)
    if (this.archive) new CfnOutput(this, 'ArchiveBucket', { value: this.archive.bucketName })

    const api = new WebhookApi(this, 'Webhooks', config)
    this.api = api.httpApi
    this.accessLogName = api.accessLogName
    this.apiUrl = api.url

    new CfnOutput(this, 'ApiUrl', { value: api.url, description: 'Base of every webhook URL' })
    new CfnOutput(this, 'LedgerTable', { value: this.ledger.tableName })
    new CfnOutput(this, 'TasksTable', { value: this.tasks.tableName })
    new CfnOutput(this, 'StateTable', { value: this.state.tableName })
    if (api.domainTarget)
      new CfnOutput(this, 'CustomDomainTarget', {
        value: api.domainTarget,
        description: 'What the custom domain has to point at, as a CNAME or alias record',
      })
  }

  /** The table that was made, or the restored one that stands for it. */
  private inUse(made: Table, restored: string | undefined): TableInUse {
    if (restored === undefined) return made
    // CloudFormation removes no export that another stack still imports, and that one is updated after this.
    this.exportValue(made.tableArn)
    this.exportValue(made.tableName)
    return Table.fromTableName(this, `Restored${made.node.id}`, restored)
  }
}
