/** Physical names that code and template must agree on, derived in one place. */

/** Secrets Manager name of the secret with the signing secrets of a connection's slots. */
export const signingSecretName = (stage: string, connection: string) => `hookline/${stage}/${connection}/signing`

/** Secrets Manager name of the secret with a connection's API token. */
export const tokenSecretName = (stage: string, connection: string) => `hookline/${stage}/${connection}/token`

/** Secrets Manager name of the secret with the key of the stage's model, where its provider wants one. */
export const modelSecretName = (stage: string) => `hookline/${stage}/model`

/** CloudFormation names of a stage's stacks. */
export const dataStackName = (stage: string) => `Hookline-${stage}-Data`
export const serviceStackName = (stage: string) => `Hookline-${stage}-Service`
export const examplesStackName = (stage: string) => `Hookline-${stage}-Examples`

/** Name of CodeDeploy's application for the verifier of a stage, and of its one deployment group. */
export const releaseName = (stage: string) => `hookline-${stage}-verifier`

/** The route that ClickUp posts to, as API Gateway writes it. */
export const WEBHOOK_ROUTE = '/webhooks/clickup/{connection}/{slot}'

/** The route that tells how the stage does. */
export const HEALTH_ROUTE = '/health'

/** The address of one webhook, given the API's base URL. */
export const webhookUrl = (apiUrl: string, connection: string, slot: string) =>
  `${apiUrl.replace(/\/+$/, '')}/webhooks/clickup/${connection}/${slot}`

/** `source` of every event on the bus. */
export const EVENT_SOURCE = 'hookline'

/** CloudWatch namespace of every metric. */
export const METRIC_NAMESPACE = 'Hookline'
/** Every metric's `service`: one for all functions, because each value of a dimension would make another metric. */
export const METRIC_SERVICE = 'hookline'
/** The dimensions of every metric of a stage. */
export const metricDimensions = (stage: string) => ({ service: METRIC_SERVICE, stage })
