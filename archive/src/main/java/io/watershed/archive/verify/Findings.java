package io.watershed.archive.verify;

import io.watershed.archive.verify.VerifyFinding.Kind;
import io.watershed.core.record.ShardKey;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** Collects findings up to the bound of a report. Thread-safe. */
final class Findings {
  private final List<VerifyFinding> kept = new ArrayList<>();
  private long more;

  void add(Kind kind, ShardKey shard, String message) {
    add(new VerifyFinding(kind, Optional.of(shard), Optional.empty(), message));
  }

  void add(Kind kind, ShardKey shard, String file, String message) {
    add(new VerifyFinding(kind, Optional.of(shard), Optional.of(file), message));
  }

  void addFile(Kind kind, String file, String message) {
    add(new VerifyFinding(kind, Optional.empty(), Optional.of(file), message));
  }

  void add(Kind kind, String message) {
    add(new VerifyFinding(kind, Optional.empty(), Optional.empty(), message));
  }

  private synchronized void add(VerifyFinding finding) {
    if (kept.size() < VerifyReport.MAX_FINDINGS) {
      kept.add(finding);
    } else {
      more++;
    }
  }

  synchronized long count() {
    return kept.size() + more;
  }

  synchronized List<VerifyFinding> gravestFirst() {
    return kept.stream()
        .sorted(
            Comparator.comparingInt((VerifyFinding f) -> f.kind().exitCode())
                .reversed()
                .thenComparing(VerifyFinding::kind)
                .thenComparing(finding -> finding.file().orElse(""))
                .thenComparing(finding -> finding.shard().map(ShardKey::toString).orElse(""))
                .thenComparing(VerifyFinding::message))
        .toList();
  }

  synchronized long more() {
    return more;
  }
}
