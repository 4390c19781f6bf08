import type { PreviewRecord } from "../api/types";
import { time } from "../text/format";
import { oneLine, visible } from "../text/payload";

/** Records as a run would put them, envelope and all. */
export function Preview({ records }: { records: PreviewRecord[] }) {
  return (
    <div className="scroll-x">
      <table className="table">
        <thead>
          <tr>
            <th>Key</th>
            <th>Arrived</th>
            <th>Payload</th>
          </tr>
        </thead>
        <tbody>
          {records.map((record, index) => (
            <tr key={index}>
              <td className="mono">{visible(record.partition_key ?? record._partition_key ?? "")}</td>
              <td className="mono dim nowrap">{time(record.arrival_time ?? record._arrival_time)}</td>
              <td className="mono preview-payload">{oneLine(record, 600)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
