/** Which file is meant, whoever reads it. */

export interface SharedFile {
  /** An absolute path, or an address. */
  readonly place: string
  readonly size: number
  /** Its time of change in nanoseconds, or its ETag. */
  readonly stamp: string
}

/** The file is not the one that was asked about. Trying again mends nothing. */
export class FileChanged extends Error {
  override readonly name = 'FileChanged'
}
