package io.watershed.core.payload;

import io.watershed.consumer.Envelope;
import io.watershed.core.aggregate.AggregateProblem;
import io.watershed.core.aggregate.AggregateReader;
import io.watershed.core.config.PayloadSettings.Compression;
import io.watershed.core.config.SchemaSettings;
import java.util.BitSet;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A format with what may be around it, whatever it is: the envelope of a replayed record, gzip, and
 * the mark of an aggregated record that was not taken apart. The payload stays as it came; columns
 * are made of what is inside.
 */
final class WrappedFormat implements PayloadFormat {
  /** Replays of replays have one envelope in another. */
  private static final int MAX_ENVELOPES = 16;

  private final PayloadFormat inner;
  private final Compression compression;

  WrappedFormat(PayloadFormat inner, Compression compression) {
    this.inner = inner;
    this.compression = compression;
  }

  @Override
  public String name() {
    return inner.name();
  }

  @Override
  public SchemaSettings schema(SchemaSettings bounds) {
    return inner.schema(bounds);
  }

  @Override
  public Shredder shredder(PayloadLayout layout, SchemaSettings settings) {
    return new WrappedShredder(
        inner.shredder(layout, settings), new PayloadRow(layout.size()), compression);
  }

  @Override
  public Shredder shredder(PayloadLayout layout, BitSet wanted) {
    return new WrappedShredder(
        inner.shredder(layout, wanted), new PayloadRow(layout.size()), compression);
  }

  private static final class WrappedShredder implements Shredder {
    private final Shredder shredder;
    private final PayloadRow failed;
    private final Compression compression;
    private final Gunzip gunzip = new Gunzip();

    WrappedShredder(Shredder shredder, PayloadRow failed, Compression compression) {
      this.shredder = shredder;
      this.failed = failed;
      this.compression = compression;
    }

    @Override
    public PayloadRow shred(byte[] payload) {
      byte[] original = original(payload);
      Optional<AggregateProblem> broken = AggregateReader.problem(original);
      if (broken.isPresent()) {
        return fail(DecodeError.of(broken.get()));
      }
      return switch (compression) {
        case NONE -> shredder.shred(original);
        case GZIP -> shredGzip(original);
        case AUTO -> Gunzip.hasMark(original) ? shredEither(original) : shredder.shred(original);
      };
    }

    @Override
    public Observations observations() {
      return shredder.observations();
    }

    private static byte[] original(byte[] payload) {
      byte[] original = payload;
      for (int i = 0; i < MAX_ENVELOPES && Envelope.isReplayed(original); i++) {
        Optional<Envelope> envelope = Envelope.unwrap(original);
        if (envelope.isEmpty()) {
          return original;
        }
        original = envelope.get().payload();
      }
      return original;
    }

    private PayloadRow shredGzip(byte[] payload) {
      DecodeError problem = gunzip.inflate(payload);
      return problem == null ? shredder.shred(gunzip.bytes()) : fail(problem);
    }

    /** Gzip if it inflates; else a payload that happens to begin so, if the format takes it. */
    private PayloadRow shredEither(byte[] payload) {
      @Nullable DecodeError problem = gunzip.inflate(payload);
      if (problem == null) {
        return shredder.shred(gunzip.bytes());
      }
      PayloadRow row = shredder.shred(payload);
      return row.decodeError() == null ? row : fail(problem);
    }

    private PayloadRow fail(DecodeError error) {
      failed.fail(error);
      return failed;
    }
  }
}
