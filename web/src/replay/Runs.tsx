import type { Owner } from "../api/types";
import { count, time } from "../text/format";
import { Panel } from "../ui/states";

/** Who had the run, or changed its state. */
export function Runs({ owners }: { owners: Owner[] }) {
  return (
    <Panel title="Who did what">
      <div className="scroll-x">
        <table className="table">
          <thead>
            <tr>
              <th className="number">Run</th>
              <th className="number">Epoch</th>
              <th>Did</th>
              <th>Who</th>
              <th>Version</th>
              <th>Began</th>
              <th>Last sign</th>
              <th>State then</th>
              <th className="number">Acknowledged</th>
            </tr>
          </thead>
          <tbody>
            {owners.map((owner) => (
              <tr key={owner.epoch}>
                <td className="number">{owner.run}</td>
                <td className="number">{owner.epoch}</td>
                <td>{owner.action}</td>
                <td>
                  {owner.user}@{owner.host}
                </td>
                <td>{owner.tool_version}</td>
                <td className="mono">{time(owner.started_at).slice(0, 19)}</td>
                <td className="mono">{time(owner.updated_at).slice(0, 19)}</td>
                <td>
                  {owner.state ?? ""}
                  {owner.requested_by ? ` for ${owner.requested_by}` : ""}
                </td>
                <td className="number">{count(owner.acknowledged)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </Panel>
  );
}
