import * as z from 'zod'

/** The attribute of a stored item that tells its form. An item without one is of version 1: it is from before there were others. */
const VERSION = 'schemaVersion'

const versionSchema = z.looseObject({ [VERSION]: z.int().positive().default(1) })

/** An item as it was read, its keys and its version among its attributes. */
export type Item = Readonly<Record<string, unknown>>

/**
 * Reads a stored item in its newest form, or in the one before: `schema` is the newest form that this release knows, and
 * `before` makes that of an item one version older. Any other version is a `ZodError` that says which are read, so whoever reads an
 * item treats it as what it is to them: something that cannot be read.
 *
 * A form gets a new version only when the code before would misread it; what is merely added is optional and needs none. A
 * version is read one release before it is written, so that whoever goes back one release can read what was written since
 * (`docs/rollback.md`).
 *
 * @param forms.current the version of `schema`
 * @param forms.before from an item of version `current - 1` to one of version `current`; none while there is but one version
 */
export function versioned<Schema extends z.ZodType>(
  schema: Schema,
  { current, before }: { current: number; before?: (item: Item) => Item } = { current: 1 },
) {
  return z
    .unknown()
    .transform((item, context): unknown => {
      // What is no object, the schema says better.
      const told = versionSchema.safeParse(item)
      const isObject = typeof item === 'object' && item !== null
      if (!told.success) {
        if (isObject) context.addIssue({ code: 'custom', path: [VERSION], message: 'is not a version' })
        return isObject ? z.NEVER : item
      }
      const version = told.data[VERSION]
      if (version === current) return item
      if (version === current - 1 && before !== undefined) return before(told.data)
      const read = before === undefined ? `${current}` : `${current - 1} and ${current}`
      context.addIssue({ code: 'custom', path: [VERSION], message: `is ${version}, and this release reads ${read}` })
      return z.NEVER
    })
    .pipe(schema)
}
