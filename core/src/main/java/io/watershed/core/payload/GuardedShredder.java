package io.watershed.core.payload;

import io.watershed.core.error.WatershedException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps a defect of a shredder to the record that brought it to light: the record has a decode
 * error and no columns, and the others go on. Errors that are meant, such as a registry that does
 * not answer, pass. One for each thread.
 */
public final class GuardedShredder implements Shredder {
  private static final Logger LOG = LoggerFactory.getLogger(GuardedShredder.class);

  private final Shredder guarded;
  private final int slots;
  private long failures;

  /**
   * @param layout of the guarded one
   */
  public GuardedShredder(Shredder guarded, PayloadLayout layout) {
    this.guarded = guarded;
    this.slots = layout.size();
  }

  @Override
  public PayloadRow shred(byte[] payload) {
    try {
      return guarded.shred(payload);
    } catch (WatershedException e) {
      throw e;
    } catch (RuntimeException | StackOverflowError e) {
      if (failures++ == 0) {
        StackTraceElement[] trace = e.getStackTrace();
        // Its message may quote the payload.
        LOG.warn(
            "A payload could not be decoded: {} at {}. Please report this; the record keeps its"
                + " payload and says so in _decode_error.",
            e.getClass().getName(),
            trace.length == 0 ? "?" : trace[0]);
      }
      return PayloadRow.failed(slots, DecodeError.DEFECT);
    }
  }

  /** What the guarded one saw; after a failure, anything may be in the payloads. */
  @Override
  public Observations observations() {
    Observations seen = guarded.observations();
    return failures == 0 ? seen : new Observations(seen.seen(), true);
  }
}
