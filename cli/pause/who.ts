import { userInfo } from 'node:os'

/** Who asks for it, as this machine calls them, and the AWS profile that they named. */
export function whoAsks(profile: string | undefined): string {
  return profile === undefined ? user() : `${user()} (AWS profile ${profile})`
}

function user(): string {
  try {
    return userInfo().username
  } catch {
    // A container's user may have no name.
    return 'unknown'
  }
}
