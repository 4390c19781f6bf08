import type { StreamSummary } from "../api/types";
import { Tag, type Tone } from "../ui/states";

const TEXT: Record<StreamSummary["archiving"], { text: string; tone?: Tone }> = {
  running: { text: "archiving", tone: "good" },
  stopped: { text: "stopped", tone: "warn" },
  failed: { text: "failed", tone: "danger" },
  none: { text: "not here" },
};

/** Whether this server archives the stream. */
export function ArchivingTag({ stream }: { stream: StreamSummary }) {
  const { text, tone } = TEXT[stream.archiving];
  return (
    <span title={stream.problem ?? stream.not_asked ?? undefined}>
      <Tag tone={tone}>{text}</Tag>
    </span>
  );
}
