package io.watershed.replay;

import io.watershed.kinesis.PutEntry;
import io.watershed.kinesis.PutResult;
import io.watershed.kinesis.StreamDescription;
import io.watershed.kinesis.StreamFailure;
import io.watershed.kinesis.StreamFailure.Kind;
import io.watershed.kinesis.StreamSink;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * The way to the target. Hears of each acknowledgement as it comes, before the writer does: the
 * writer itself reports in scan order, so behind a slow key it would say nothing of the others. And
 * sends nothing while the hold on the run is not renewed (PROTOCOL 6.5): the writer tries again
 * later. Thread-safe.
 */
final class AcknowledgedSink implements StreamSink {
  private final StreamSink sink;
  private final Acknowledgements acknowledgements;
  private final RunOwner owner;
  private final Map<PutEntry, Acknowledgements.Sent> open =
      Collections.synchronizedMap(new IdentityHashMap<>());

  AcknowledgedSink(StreamSink sink, Acknowledgements acknowledgements, RunOwner owner) {
    this.sink = sink;
    this.owner = owner;
    this.acknowledgements = acknowledgements;
  }

  /** Says what to settle when this very entry is written; before it is given to the writer. */
  void expect(PutEntry entry, Acknowledgements.Sent sent) {
    open.put(entry, sent);
  }

  @Override
  public CompletableFuture<StreamDescription> describe() {
    return sink.describe();
  }

  @Override
  public CompletableFuture<List<PutResult>> put(List<PutEntry> entries) {
    if (owner.mustRenew()) {
      return CompletableFuture.failedFuture(
          new StreamFailure(Kind.THROTTLED, "the run's lease is not renewed", null));
    }
    List<PutEntry> copy = List.copyOf(entries);
    return sink.put(copy).whenComplete((results, failure) -> settle(copy, results));
  }

  private void settle(List<PutEntry> entries, @Nullable List<PutResult> results) {
    if (results == null || results.size() != entries.size()) {
      return; // nothing is known, so the writer sends again
    }
    for (int i = 0; i < entries.size(); i++) {
      if (results.get(i) instanceof PutResult.Written written) {
        Acknowledgements.Sent sent = open.remove(entries.get(i));
        if (sent != null) {
          acknowledgements.acknowledged(
              sent, new OrderCheck.Place(written.shardId(), written.sequenceNumber()));
        }
      }
    }
  }

  @Override
  public void close() {
    sink.close();
  }
}
