type Explained = { grant: RegExp; why: string }

/** Grants that cannot be judged here, or that no code of ours needs. By their texts (see `textOf`). */
const EXPLAINED: readonly Explained[] = [
  {
    grant: /^\S+ logs:(?:CreateLogStream|PutLogEvents) log$/,
    why: 'Lambda itself writes the log with the role of the function; here the lines are taken from its processes.',
  },
  {
    grant: /^events\.amazonaws\.com for \S+ \S+ sqs:GetQueue(?:Attributes|Url) /,
    why: 'The CDK gives them with sqs:SendMessage, which is all that EventBridge takes; they tell of the queue, and nothing in it.',
  },
  {
    grant:
      /^CodeDeploy (?:lambda:(?:GetAlias|UpdateAlias) \S+$|lambda:GetProvisionedConcurrencyConfig |cloudwatch:DescribeAlarms )/,
    why:
      'CodeDeploy is played as far as it moves the alias and asks the hook. The rights are those of AWS’s own policy for the purpose, ' +
      'for this alias and its function alone; that of alarms cannot be given for some of them.',
  },
]

/** Granted and never called in the suite, though nothing is wrong with it. */
const UNCALLED: readonly Explained[] = [
  {
    grant: /^\S+ sqs:(?:ReceiveMessage|DeleteMessage|GetQueueAttributes) /,
    why: 'Lambda itself polls with the role of the function; the local stack refuses to start where it may not.',
  },
  {
    grant: /^standup bedrock:InvokeModel inference-profile\/(?:eu|apac)\./,
    why: 'One setting does wherever a stage stands, and each region has the profile of one geography.',
  },
]

const find = (text: string, all: readonly Explained[]): string | null =>
  all.find(({ grant }) => grant.test(text))?.why ?? null

/** Why nothing is made of a grant here; null where it has to be judged. */
export const whyNotJudged = (text: string): string | null => find(text, EXPLAINED)

/** Why a grant may be used by no test at all; null where one has to. */
export const whyNeverUsed = (text: string): string | null => find(text, [...EXPLAINED, ...UNCALLED])
