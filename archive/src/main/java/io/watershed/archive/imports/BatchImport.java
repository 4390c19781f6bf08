package io.watershed.archive.imports;

import io.watershed.archive.encode.Encoder;
import io.watershed.archive.imports.RecordFields.Fields;
import io.watershed.core.error.ErrorCode;
import io.watershed.core.error.WatershedException;
import io.watershed.core.payload.PayloadFormat;
import io.watershed.core.payload.PayloadLayout;
import io.watershed.core.payload.PayloadSchema;
import io.watershed.core.payload.Shredder;
import io.watershed.core.record.ShardKey;
import io.watershed.core.record.StreamRecord;
import io.watershed.reservoir.table.ImportedObject;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/** One attempt to import some objects in one commit. Not thread-safe. */
final class BatchImport {
  private final ImportPlan plan;
  private final Encoder encoder;
  private final ObjectReader reader;
  private final ShardCommits commits;
  private final long filesBefore;
  private final List<SourceObject> objects;
  private final BooleanSupplier stop;
  private final ImportListener listener;
  private final RecordFields fields;
  private final List<ImportedObject> imported = new ArrayList<>();
  private final Overlaps leftOut = new Overlaps();
  private final Shredder shredder;
  private final Importer.Totals totals = new Importer.Totals();
  private @Nullable DayBuffers buffers;

  /** An object that cannot be read. */
  record Broken(SourceObject object, String reason) {}

  BatchImport(
      ImportPlan plan,
      PayloadFormat format,
      Encoder encoder,
      ObjectReader reader,
      ShardCommits commits,
      long filesBefore,
      List<SourceObject> objects,
      BooleanSupplier stop,
      ImportListener listener) {
    this.plan = plan;
    this.shredder = format.shredder(PayloadLayout.of(PayloadSchema.EMPTY), new BitSet());
    this.encoder = encoder;
    this.reader = reader;
    this.commits = commits;
    this.filesBefore = filesBefore;
    this.objects = objects;
    this.stop = stop;
    this.listener = listener;
    this.fields = new RecordFields(plan.request().keyField(), plan.request().timeField());
  }

  /** Reads all of the objects into files; ends with the first that cannot be read. */
  Optional<Broken> read(Path folder) {
    DayBuffers days =
        new DayBuffers(
            commits.table(),
            commits.state(),
            encoder,
            folder,
            commits.checkpoint(),
            ImportPositions.endOf(filesBefore + objects.size()));
    buffers = days;
    long file = filesBefore;
    for (SourceObject object : objects) {
      if (stop.getAsBoolean()) {
        throw new WatershedException(
            ErrorCode.CANCELLED,
            "Stopped; what was committed stays imported",
            "Start the same import again: it goes on there.");
      }
      file++;
      try {
        imported.add(read(object, file, days));
      } catch (IOException e) {
        return Optional.of(new Broken(object, String.valueOf(e.getMessage())));
      }
      totals.objects++;
      totals.sourceBytes += object.sizeBytes();
      listener.progress(totals.objects, totals.sourceBytes, days.rows());
    }
    days.finish();
    return Optional.empty();
  }

  private ImportedObject read(SourceObject object, long file, DayBuffers days) throws IOException {
    Instant objectTime = ObjectTime.inName(object.key()).orElse(object.lastModified());
    ShardKey shard = commits.checkpoint().key();
    String objectKey = String.format(Locale.ROOT, "%s/%012d", shard.shardId(), file);
    long[] counts = new long[2];
    String digest =
        reader.read(
            object,
            (offset, payload) -> {
              Fields found = fields.of(payload);
              if (fields.wantsTime() && found.time().isEmpty()) {
                totals.timeFallbacks++;
              }
              Instant arrival = found.time().orElse(objectTime).truncatedTo(ChronoUnit.MILLIS);
              if (plan.until().map(until -> !arrival.isBefore(until)).orElse(false)) {
                counts[1]++;
                leftOut.add(payload, arrival);
                return;
              }
              counts[0]++;
              totals.payloadBytes += payload.length;
              totals.undecoded += shredder.shred(payload).decodeError() == null ? 0 : 1;
              days.add(
                  new StreamRecord(
                      shard,
                      ImportPositions.of(file, offset),
                      found.key().orElse(objectKey),
                      arrival,
                      payload));
            });
    totals.rows += counts[0];
    return new ImportedObject(
        shard.shardId(),
        file,
        counts[0],
        counts[1],
        object.sizeBytes(),
        object.lastModified(),
        digest,
        object.location());
  }

  DayBuffers buffers() {
    if (buffers == null) {
      throw new IllegalStateException("nothing was read");
    }
    return buffers;
  }

  List<ImportedObject> imported() {
    return imported;
  }

  /** After the commit: what it did. */
  void addTo(Importer.Totals all, Overlaps overlaps) {
    all.objects += totals.objects;
    all.sourceBytes += totals.sourceBytes;
    all.rows += totals.rows;
    all.payloadBytes += totals.payloadBytes;
    all.timeFallbacks += totals.timeFallbacks;
    all.undecoded += totals.undecoded;
    overlaps.addAll(leftOut);
  }
}
