package io.watershed.archive.verify;

import io.watershed.core.error.ErrorCode;
import java.util.List;
import java.util.OptionalLong;

/**
 * What verify proved about one stream's archive, and what it could not.
 *
 * @param stream the stream's name in the reservoir
 * @param snapshotId the snapshot that was checked; empty if nothing was ever committed
 * @param files data files checked
 * @param rows records that the checkpoints count
 * @param rowsRead records read back from files, digested and decoded again
 * @param fileBytesRead bytes of the files whose rows were read
 * @param payloadBytesRead bytes of their payloads
 * @param compared archived records that the stream still holds with the same bytes
 * @param unproved archived records that were to be compared and are no longer in the stream
 * @param shards per shard, in order
 * @param findings what is wrong, gravest first; at most {@value #MAX_FINDINGS}
 * @param moreFindings findings beyond that bound
 * @param limits what was not proved, as sentences
 */
public record VerifyReport(
    String stream,
    OptionalLong snapshotId,
    long files,
    long rows,
    long rowsRead,
    long fileBytesRead,
    long payloadBytesRead,
    long compared,
    long unproved,
    List<ShardProof> shards,
    List<VerifyFinding> findings,
    long moreFindings,
    List<String> limits) {
  /** Findings kept in a report; the rest is only counted. */
  public static final int MAX_FINDINGS = 200;

  public VerifyReport {
    shards = List.copyOf(shards);
    findings = List.copyOf(findings);
    limits = List.copyOf(limits);
  }

  /** Whether nothing was found. */
  public boolean ok() {
    return findings.isEmpty();
  }

  /** 0 ok, 3 only gaps, 4 the archive contradicts itself or the stream. */
  public int exitCode() {
    return findings.stream().mapToInt(finding -> finding.kind().exitCode()).max().orElse(0);
  }

  /** {@code ok}, {@code gap} or {@code integrity}: the word for a report. */
  public String verdict() {
    int code = exitCode();
    return code == 0 ? "ok" : code == ErrorCode.GAP.exitCode() ? "gap" : "integrity";
  }
}
