import type { Deployment } from '../stack/deployment.ts'
import type { Grant } from './grants.ts'
import { nameOfResource } from './names.ts'

/** What policies of resources let services of AWS do: send to a queue, invoke a function, publish to a topic. */
export function grantsOfServices(deployment: Deployment): Grant[] {
  return [...ofQueues(deployment), ...ofFunctions(deployment), ...ofTopics(deployment)]
}

const ofQueues = ({ queueGrants }: Deployment): Grant[] =>
  queueGrants.flatMap((grant, at) =>
    grant.sourceArns.flatMap((source) =>
      grant.queueArns.flatMap((resource) =>
        grant.actions.map((action) => ({
          ...{ who: `${grant.service} for ${nameOfResource(source)}`, action, resource, kind: 'service' as const },
          takenFrom: (whole: Deployment) => ({
            ...whole,
            queueGrants: whole.queueGrants.flatMap((one, i) => {
              if (i !== at) return [one]
              // What is left of it: other queues for this source, and other sources.
              return [
                { ...one, sourceArns: one.sourceArns.filter((each) => each !== source) },
                { ...one, sourceArns: [source], actions: one.actions.filter((each) => each !== action) },
                { ...one, sourceArns: [source], queueArns: one.queueArns.filter((each) => each !== resource) },
              ]
            }),
          }),
        })),
      ),
    ),
  )

const ofFunctions = ({ permissions }: Deployment): Grant[] =>
  permissions.map(({ functionName, principal, sourceArn }) => ({
    who: `${principal} for ${sourceArn === undefined ? 'the account' : nameOfResource(sourceArn)}`,
    ...{ action: 'lambda:InvokeFunction', resource: functionName, kind: 'service' as const },
    // The CDK permits each method of a path the whole path: what stands there twice is one grant.
    takenFrom: (whole: Deployment) => ({
      ...whole,
      permissions: whole.permissions.filter(
        (one) => one.functionName !== functionName || one.principal !== principal || one.sourceArn !== sourceArn,
      ),
    }),
  }))

const ofTopics = ({ topics }: Deployment): Grant[] =>
  topics.flatMap(({ arn, policies }) =>
    policies.flat().flatMap(({ services, actions, resources }) =>
      services.flatMap((who) =>
        actions.flatMap((action) =>
          resources.map((resource) => ({
            ...{ who, action, resource, kind: 'service' as const },
            takenFrom: (whole: Deployment) => ({
              ...whole,
              topics: whole.topics.map((topic) =>
                topic.arn === arn ? { ...topic, policies: withoutAction(topic.policies, who, action) } : topic,
              ),
            }),
          })),
        ),
      ),
    ),
  )

type Policies = Deployment['topics'][number]['policies']

const withoutAction = (policies: Policies, who: string, action: string): Policies =>
  policies.map((statements) =>
    statements.map((one) =>
      one.services.includes(who) ? { ...one, actions: one.actions.filter((each) => each !== action) } : one,
    ),
  )
