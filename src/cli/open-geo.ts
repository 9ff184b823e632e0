/** The files of --geoip → one database. */
import { type GeoDatabase, joinGeoDatabases } from '../names/geo.ts'
import { GeoFileError, openGeoFile } from '../node/geo-file.ts'
import { usageError } from './exit-codes.ts'

export function openGeo(paths: readonly string[]): GeoDatabase {
  return joinGeoDatabases(paths.map(open))
}

function open(path: string): GeoDatabase {
  try {
    return openGeoFile(path)
  } catch (error) {
    if (error instanceof GeoFileError) throw usageError(`--geoip: ${error.message}`)
    throw error
  }
}
