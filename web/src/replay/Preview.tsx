import { time } from "../text/format";
import { visible } from "../text/payload";
import type { Arrival } from "./readPlan";

const SHOWN_CHARS = 600;

/** Records as a run would put them, envelope and all. */
export function Preview({ records }: { records: Arrival[] }) {
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
              <td className="mono">{visible(record.key)}</td>
              <td className="mono dim nowrap">{time(record.arrived)}</td>
              <td className="mono preview-payload">{record.payload.slice(0, SHOWN_CHARS)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
