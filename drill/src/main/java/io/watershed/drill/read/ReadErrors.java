package io.watershed.drill.read;

import io.watershed.core.error.WatershedException;
import java.util.function.Supplier;
import org.apache.drill.common.exceptions.UserException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Our errors as Drill's, so that the sentence and the hint reach the person. */
public final class ReadErrors {
  private static final Logger LOG = LoggerFactory.getLogger(ReadErrors.class);

  private ReadErrors() {}

  /** The same error. */
  public static UserException of(WatershedException error) {
    UserException.Builder builder =
        switch (error.code()) {
          case CONFIG, SQL, INVALID_INPUT, NOT_FOUND, STREAM_NOT_FOUND ->
              UserException.validationError(error);
          case LIMIT -> UserException.resourceError(error);
          case ACCESS_DENIED, CREDENTIALS -> UserException.permissionError(error);
          default -> UserException.dataReadError(error);
        };
    builder.message("%s", error.getMessage());
    builder.addContext("Code", error.code().text());
    if (!error.hint().isEmpty()) {
      builder.addContext("Hint", error.hint());
    }
    return builder.build(LOG);
  }

  /** Runs; an error of ours becomes Drill's. */
  public static <T extends @Nullable Object> T translating(Supplier<T> action) {
    try {
      return action.get();
    } catch (WatershedException e) {
      throw of(e);
    }
  }
}
