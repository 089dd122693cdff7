import { CfnOutput, Stack } from 'aws-cdk-lib'
import type { HttpApi } from 'aws-cdk-lib/aws-apigatewayv2'
import type { Table } from 'aws-cdk-lib/aws-dynamodb'
import type { Construct } from 'constructs'
import { signingSecretName, tokenSecretName } from '../core/platform/names.ts'
import { BY_DAY, BY_LIST, BY_SPACE, BY_TIME_DAY, SK, TTL_ATTRIBUTE } from '../core/platform/tables.ts'
import type { Config } from './config.ts'
import { ConnectionSecret } from './constructs/connection-secret.ts'
import { DataTable } from './constructs/data-table.ts'
import { WebhookApi } from './constructs/webhook-api.ts'

/** What must outlive a deploy: the tables, the secrets, and the API with the address that ClickUp knows. */
export class DataStack extends Stack {
  readonly ledger: Table
  readonly tasks: Table
  readonly state: Table
  readonly api: HttpApi
  /** Base of every webhook's URL. */
  readonly apiUrl: string

  constructor(scope: Construct, id: string, config: Config) {
    super(scope, id, {
      description: `Hookline ${config.stage}: tables, secrets and the address of the webhooks`,
      terminationProtection: true,
    })
    this.ledger = new DataTable(this, 'Ledger', { sortKey: SK, timeToLiveAttribute: TTL_ATTRIBUTE, indexes: [BY_DAY] })
    this.tasks = new DataTable(this, 'Tasks', { sortKey: SK, indexes: [BY_LIST, BY_SPACE, BY_TIME_DAY] })
    this.state = new DataTable(this, 'State')

    for (const { name } of config.connections) {
      new ConnectionSecret(this, `Signing-${name}`, {
        secretName: signingSecretName(config.stage, name),
        description: `Signing secrets of ClickUp's webhooks for the connection ${name}, by slot`,
        placeholder: { v: 1, slots: {} },
      })
      new ConnectionSecret(this, `Token-${name}`, {
        secretName: tokenSecretName(config.stage, name),
        description: `ClickUp API token of the connection ${name}`,
        placeholder: { v: 1, token: null },
      })
    }

    const api = new WebhookApi(this, 'Webhooks', config)
    this.api = api.httpApi
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
}
