import type { StreamSummary } from "../api/types";

/** Records a second that come in: as the archiver reads them, else as they were committed. */
export function incoming(stream: StreamSummary): number | null {
  return stream.read_records_per_second ?? stream.records_per_second;
}
