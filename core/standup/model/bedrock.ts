/**
 * Ids of models in Bedrock. Most small models are reached through an *inference profile* only, whose id is the model's with a
 * geography before it: what is asked stays in the regions of that geography.
 * https://docs.aws.amazon.com/bedrock/latest/userguide/inference-profiles-support.html
 */
const GEOGRAPHIES = ['us-gov', 'us', 'eu', 'apac', 'jp', 'au', 'ca', 'global'] as const
type Geography = (typeof GEOGRAPHIES)[number]

/** The geography whose profiles a region has, by how its name begins. */
const GEOGRAPHY_OF_REGION = [
  ['us-gov-', 'us-gov'],
  ['us-', 'us'],
  ['eu-', 'eu'],
  ['ap-', 'apac'],
] as const satisfies readonly (readonly [string, Geography])[]

/** Where the models of Amazon have profiles. https://docs.aws.amazon.com/bedrock/latest/userguide/model-card-amazon-nova-lite.html */
const NOVA = /^amazon\.nova-(?:micro|lite|pro)-v1:0$/
const NOVA_GEOGRAPHIES = ['us', 'eu', 'apac'] as const satisfies readonly Geography[]

/** The model without its geography; null for none. */
export function partsOf(id: string): { geography: Geography | null; model: string } {
  const geography = GEOGRAPHIES.find((each) => id.startsWith(`${each}.`)) ?? null
  return { geography, model: geography === null ? id : id.slice(geography.length + 1) }
}

/**
 * What is asked for a model from a region: the small models of Amazon by the profile of the region's own geography, so that one
 * setting does wherever a stage stands and no data leaves the geography; everything else by the id as it was given.
 */
export function bedrockModelId(id: string, region: string): string {
  const isProfiled: readonly Geography[] = NOVA.test(id) ? NOVA_GEOGRAPHIES : []
  const own = GEOGRAPHY_OF_REGION.find(([prefix]) => region.startsWith(prefix))?.[1]
  return own !== undefined && isProfiled.includes(own) ? `${own}.${id}` : id
}

export type Home = { partition: string; region: string; account: string }

/**
 * ARNs that `bedrock:InvokeModel` needs for a model: of the profile in the region that asks, and of the model itself in every
 * region that the profile may choose. `home` may hold placeholders that a template fills in later.
 * https://docs.aws.amazon.com/bedrock/latest/userguide/inference-profiles-prereq.html
 */
export function bedrockResources(id: string, { partition, region, account }: Home): string[] {
  const bedrock = `arn:${partition}:bedrock`
  // Of an application's own profile nothing says which model stands behind it.
  if (id.startsWith('arn:')) return [id, `${bedrock}:*::foundation-model/*`]
  const { geography, model } = partsOf(id)
  const own = NOVA.test(model) ? NOVA_GEOGRAPHIES : []
  const geographies: readonly Geography[] = geography === null ? own : [geography]
  const profiles = geographies.map((each) => `${bedrock}:${region}:${account}:inference-profile/${each}.${model}`)
  // A global profile asks for the model in no region at all: https://docs.aws.amazon.com/bedrock/latest/userguide/global-cross-region-inference.html
  const nowhere = geography === 'global' ? [`${bedrock}:::foundation-model/${model}`] : []
  return [...profiles, `${bedrock}:${profiles.length === 0 ? region : '*'}::foundation-model/${model}`, ...nowhere]
}
